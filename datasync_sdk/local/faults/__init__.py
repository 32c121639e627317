"""What goes wrong because a test asked for it."""
