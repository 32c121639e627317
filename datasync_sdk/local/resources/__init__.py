"""What the API is about: agents, locations, tasks, executions and tags, each with its handlers."""
