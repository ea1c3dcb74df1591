"""Asking for runs, following them, and showing what they did."""
