"""A whole billing cycle, played on this machine and checked at its end."""
