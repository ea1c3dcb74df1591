"""Reporting runs: files, messages, reminders."""
