"""The plan as a value: rows, reasons, quantities, money, sums and its hash."""
