"""The guards of the protocol, each with the text that is its whole strength."""
