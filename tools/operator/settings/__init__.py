"""The operator's choices, version by version."""
