"""The config table: settings and mappings as people write them."""
