"""Manifests: which files a task is about."""
