"""What people read of a run: the document, its findings and the next steps."""
