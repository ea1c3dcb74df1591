"""Billing status (verdict) of every counted unit, checked to add up; the invoice's own total."""
