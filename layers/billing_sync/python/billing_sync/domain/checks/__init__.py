"""The checks of permission-check, as pure functions."""
