"""Today's usage beside the last invoice's: what the next invoice would bring."""
