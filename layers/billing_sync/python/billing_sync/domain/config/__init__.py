"""What people set: settings, mappings, destinations and the narrower choices over the wider."""
