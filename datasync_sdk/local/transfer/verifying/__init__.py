"""What was made, looked at again."""
