"""Report files: the bucket, the page and its parts."""
