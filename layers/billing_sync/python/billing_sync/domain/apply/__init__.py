"""Applying a plan: the state of a row, the protocol of one write, and later drift."""
