"""The ledger table: one module for each kind of item."""
