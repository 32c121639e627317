"""What the SDK does in an event loop; `datasync_sdk.AsyncClient` is where to begin."""
