"""Brings a newer service model into the repository, with all that follows from it."""
