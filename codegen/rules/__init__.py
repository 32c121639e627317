"""`rules.toml`: what a service's documentation says and its model does not, and what follows from it."""
