"""Folders and buckets, opened: the only ways into them."""
