"""Invoices: watching them, freezing their usage, importing a person's counts, voided ones."""
