"""Configuration: settings, mappings, destinations, and which of them applies."""
