"""What stops the sandbox, in words for whoever started it."""


class SandboxError(Exception):
    """The sandbox cannot go on; the message says why and what to do."""
