"""permission-check: what would keep a sync from working, by side; it only reads."""
