"""Where the units of an invoice stand: billing status and the comparison with its total."""
