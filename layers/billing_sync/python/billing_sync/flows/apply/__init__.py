"""Applying plans: dispatch companies, write and verify, close, sweep, look for drift."""
