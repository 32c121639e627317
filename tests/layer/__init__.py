"""What people do with DataSync, against the local service, in both kinds of programs."""
