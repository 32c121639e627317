"""Generates a typed SDK from a botocore service model. It knows of no service in particular."""
