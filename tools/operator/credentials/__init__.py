"""The vendors' credentials on their way from a person into Secrets Manager."""
