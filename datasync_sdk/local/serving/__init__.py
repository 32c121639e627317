"""From bytes to handlers and back: JSON 1.1 as AWS speaks it, over HTTP and within a process."""
