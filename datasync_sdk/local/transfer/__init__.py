"""Moves files between folders as a task execution does. Begin to read at `engine`; `job` is the contract."""
