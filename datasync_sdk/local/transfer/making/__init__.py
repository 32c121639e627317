"""Files, links, devices and folders, made and deleted at the destination."""
