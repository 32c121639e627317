"""How an API changes: its revisions, what differs between two, and since when something exists."""
