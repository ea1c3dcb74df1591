"""The statement of an invoice: the billing status of every unit, and the invoice's own total."""
