"""Invoices: which start a run, and retries (`lifecycle`); delays, reissues, products, next date."""
