"""The commands below `datasync local`."""
