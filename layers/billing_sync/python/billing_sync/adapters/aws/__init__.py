"""Other AWS services: event bus, queue, secrets, notifications."""
