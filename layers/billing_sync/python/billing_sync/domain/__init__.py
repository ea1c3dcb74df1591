"""Pure values and rules of the billing sync: no input, no output, no clock."""
