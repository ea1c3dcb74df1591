"""Runs: one pass over one invoice, its result, and reminders of the rows it holds."""
