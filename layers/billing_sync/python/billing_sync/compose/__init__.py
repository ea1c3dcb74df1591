"""Each function composed from its parts; the only package that imports flows and adapters."""
