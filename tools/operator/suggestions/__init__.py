"""Which ConnectWise company each Huntress organization may be: suggestions, never decisions."""
