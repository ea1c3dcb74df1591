"""The invocation in progress: the time, and how much of it is left."""

from datetime import UTC, datetime
from typing import Protocol


class Context(Protocol):
    """The part of Lambda's context that the handlers use."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends this invocation."""
        ...


class Invocation:
    """One per container; each invocation begins by passing its context."""

    def __init__(self) -> None:
        self._context: Context | None = None

    def begin(self, context: Context) -> None:
        """Count down with this invocation from here on."""
        self._context = context

    def time_left(self) -> float:
        """Seconds; 0 outside an invocation."""
        return self._context.get_remaining_time_in_millis() / 1000 if self._context else 0.0


def now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)
