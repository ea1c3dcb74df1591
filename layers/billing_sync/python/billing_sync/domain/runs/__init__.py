"""Runs: one pass over one invoice, how it closes, and reminders of what it holds."""
