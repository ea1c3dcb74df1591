"""What an operator runs on their own machine."""
