"""What differs between two APIs, what that breaks, and how to tell people."""
