"""The `datasync` command; docs/cli.md tells what it can do.

Nothing heavy is imported before a command needs it: neither botocore, nor rich, nor the classes of the API.
So `datasync --help` and the completion of a shell cost little more than Python itself.
"""
