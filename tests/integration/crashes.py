"""Dying in the middle: DynamoDB is gone from a chosen call on, before or after its effect."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import EndpointConnectionError

from billing_sync.compose import aws


@contextmanager
def ledger_down(operation: str = "", *, at: int = 1, applied: bool = False) -> Iterator[list[str]]:
    """From its `at`-th matching call on, the ledger answers nobody; yields the calls it saw.

    With `applied` the first call that fails has had its effect, only its answer is lost.
    """
    events = aws.table("ledger").meta.client.meta.events
    seen: list[str] = []

    def before(model: Any, **_: object) -> None:
        if operation in ("", model.name):
            seen.append(model.name)
        if len(seen) > at or (len(seen) == at and not applied):
            raise EndpointConnectionError(endpoint_url="https://dynamodb")

    def after(**_: object) -> None:
        if len(seen) >= at and applied:
            raise EndpointConnectionError(endpoint_url="https://dynamodb")

    events.register("before-call.dynamodb", before)
    events.register("after-call.dynamodb", after)
    try:
        yield seen
    finally:
        events.unregister("before-call.dynamodb", before)
        events.unregister("after-call.dynamodb", after)


@contextmanager
def just_before(mark: str, action: Callable[[], object]) -> Iterator[None]:
    """Once, right before the ledger gets a write that mentions `mark`, something else happens."""
    events = aws.table("ledger").meta.client.meta.events
    waiting = [action]

    def before(model: Any, params: dict[str, Any], **_: object) -> None:
        if waiting and model.name not in ("Query", "GetItem") and mark.encode() in params["body"]:
            waiting.pop()()

    events.register("before-call.dynamodb", before)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb", before)
    assert not waiting, f"nothing was written that mentions {mark}"
