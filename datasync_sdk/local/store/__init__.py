"""What the service remembers, and the folder in which it does."""
