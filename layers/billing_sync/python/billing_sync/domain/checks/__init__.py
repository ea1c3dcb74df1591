"""What permission-check looks for, as pure findings."""
