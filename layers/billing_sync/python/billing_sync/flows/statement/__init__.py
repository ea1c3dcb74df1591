"""Statements: where the units of an invoice are now, read from the ledger."""
