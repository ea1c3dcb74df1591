"""What happens in which order, told over small protocols; returns values, logs nothing."""
