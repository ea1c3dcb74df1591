"""What every function of the stack shares: the rules, the flows and the adapters of the billing sync."""
