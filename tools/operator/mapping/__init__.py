"""Which organization is billed to which company: seen, changed, kept in a file."""
