"""Task reports: what became of each item, kept while a transfer runs and written at its end."""
