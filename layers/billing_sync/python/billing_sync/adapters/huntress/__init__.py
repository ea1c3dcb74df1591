"""Huntress's REST API."""
