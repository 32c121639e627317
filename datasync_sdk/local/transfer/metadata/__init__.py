"""Owners, permissions, times and tags: how places keep them, and what options want of them."""
