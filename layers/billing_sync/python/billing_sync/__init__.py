"""What every function of the stack shares: the rules, flows and adapters of the billing sync."""
