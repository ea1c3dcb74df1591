"""Stateful HTTP stand-ins for Huntress and ConnectWise; they misbehave when asked to."""
