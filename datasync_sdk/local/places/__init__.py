"""Where locations are: from a `LocationUri` to a folder of this machine, or to a bucket."""
