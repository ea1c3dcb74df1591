"""Dying in the middle: DynamoDB is gone from a chosen call on, before or after its effect."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.aws.faults import CutOff
from tests.aws.memory import Call, InMemoryAws, Params, Proceed


@contextmanager
def ledger_down(
    memory: InMemoryAws, operation: str = "", *, at: int = 1, applied: bool = False
) -> Iterator[list[str]]:
    """From its `at`-th matching call on, the ledger answers nobody; yields the calls it saw.

    With `applied` the first call that fails has had its effect, only its answer is lost.
    """
    cut_off = CutOff("ledger", operation, at=at, applied=applied)
    with memory.listening(cut_off):
        yield cut_off.seen


@contextmanager
def just_before(memory: InMemoryAws, mark: str, action: Callable[[], object]) -> Iterator[None]:
    """Once, right before the ledger gets a write that mentions `mark`, something else happens."""
    waiting = [action]

    def listen(call: Call, proceed: Proceed) -> Params:
        write = call.table == "ledger" and call.operation not in ("Query", "GetItem")
        if waiting and write and mark in json.dumps(call.params, default=str):
            waiting.pop()()
        return proceed()

    with memory.listening(listen):
        yield
    assert not waiting, f"nothing was written that mentions {mark}"
