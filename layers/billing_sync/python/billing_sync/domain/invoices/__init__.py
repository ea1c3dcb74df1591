"""Invoices: their states, their cycle, the products they cover, when the next is expected."""
