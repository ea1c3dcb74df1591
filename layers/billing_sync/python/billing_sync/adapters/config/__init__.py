"""The config table: settings and mappings as written there."""
