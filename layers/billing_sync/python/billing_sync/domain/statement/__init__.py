"""The statement of an invoice: billing status and the comparison with its total."""
