"""Usage of an invoice: frozen once, replaced by imports, and when a count is late."""
