"""The events that ask test-sync for a run, in the name of whoever calls AWS."""

from typing import Any

from tools.operator.stack import Stack


def request(
    stack: Stack, action: str, *, companies: list[int] | None = None, **more: str | list[str]
) -> dict[str, Any]:
    """The event, with only what was given."""
    event = {"action": action, **more, "by": stack.caller()}
    return {**event, "companies": companies} if companies else event
