"""One command a file; each is named in `tools.operator.__main__`."""
