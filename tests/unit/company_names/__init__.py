"""Realistic pairs of names, and how well the suggestions find them."""
