"""A module for each command, which has the command by its name."""
