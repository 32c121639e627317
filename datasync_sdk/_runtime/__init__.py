"""What generated packages share: generic, written by hand, and without knowledge of any service."""
