"""permission-check: what would prevent a sync, by system; it only reads."""
