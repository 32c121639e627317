"""Executions over time: when one may run, what it does then, and who started it."""
