"""Programs that must, and must not, type-check."""
