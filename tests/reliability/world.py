"""A stack that can be restored to one moment as often as needed."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from tests.integration.local_stack import REMEMBERING, LocalStack
from tests.reliability.boundaries import Boundaries, Fate, Happenings
from tests.reliability.without_sockets import answering
from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.vendors.messages import Call

LANDS_AFTER = timedelta(seconds=75)  # a write may land for two minutes
NOT_NOW = {"status": 503, "headers": {"Retry-After": "3600"}}  # too long to wait for


@dataclass(frozen=True, slots=True)
class Moment:
    """The state of a stack and its vendors."""

    at: datetime
    aws: dict[str, Any]
    huntress: bytes
    connectwise: bytes
    changed: int  # quantities changed until then


class World:
    """A stack with its clock and its boundaries."""

    def __init__(self, stack: LocalStack, clock: time_machine.Traveller) -> None:
        self.stack = stack
        self.boundaries = Boundaries(spoil=self.spoil)
        self.began = datetime.now(UTC)
        self.changed_before = 0  # quantities changed before the schedule began
        self._clock = clock
        self._landing: tuple[datetime, Call] | None = None
        self._late = False
        stack.connectwise.before("PATCH", "", self._remember)

    def shift(self, seconds: float) -> None:
        """Time passes; a write that is under way lands when it is due."""
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        if self._landing and self._landing[0] <= until:
            due, call = self._landing
            self._landing = None
            self._clock.shift(due - datetime.now(UTC))
            with self.stack.connectwise.lock:
                self.stack.connectwise.answer(call)
        self._clock.shift(until - datetime.now(UTC))

    def spoil(self, fate: Fate, method: str, path: str) -> None:
        """Make the next call to a vendor's method and path fail."""
        vendor = self.stack.huntress if path.startswith("/v1/") else self.stack.connectwise
        if fate is Fate.FORBIDDEN:
            vendor.add_fault(Fault(FaultKind.STATUS, method=method, path=path, status=403))
        elif method == "PATCH":
            kind = FaultKind.DROP_AFTER if fate is Fate.UNANSWERED else FaultKind.DROP_BEFORE
            self._late = fate is Fate.LATE
            vendor.add_fault(Fault(kind, method=method))
        else:
            vendor.add_fault(Fault(FaultKind.STATUS, method=method, path=path, **NOT_NOW))

    def moment(self) -> Moment:
        """The state now."""
        return Moment(
            at=datetime.now(UTC),
            aws=self.stack.memory.snapshot(),
            huntress=pickle.dumps(self.stack.huntress.state),
            connectwise=pickle.dumps(self.stack.connectwise.state),
            changed=len(self.stack.connectwise.quantity_changes),
        )

    def restart(self, moment: Moment, happenings: Happenings) -> None:
        """Restore everything to that moment, with cold containers."""
        self._clock.move_to(moment.at)
        self.began, self.changed_before = moment.at, moment.changed
        self.cold()
        self.stack.memory.restore(moment.aws)
        self.stack.events.clear()
        self.stack.replies.clear()
        self._restore_vendors(moment)
        self._landing, self._late = None, False
        self.boundaries.begin(happenings)

    def cold(self) -> None:
        """The next invocation begins in a fresh container."""
        for handler in REMEMBERING:
            handler.composed.cache_clear()

    def holds_messages(self) -> bool:
        """Whether a company's message waits or is in flight."""
        return self.stack.memory.sqs.holds_messages(self.stack.aws.companies)

    def _restore_vendors(self, moment: Moment) -> None:
        here = self.stack
        for vendor, then in (
            (here.huntress, moment.huntress),
            (here.connectwise, moment.connectwise),
        ):
            vendor.clear_faults()
            with vendor.lock:
                state = pickle.loads(then)
                for field in fields(state):
                    setattr(vendor.state, field.name, getattr(state, field.name))

    def _remember(self, call: Call) -> None:
        if self._late:
            self._late, self._landing = False, (datetime.now(UTC) + LANDS_AFTER, call)


@contextmanager
def heard_world(stack: LocalStack, clock: time_machine.Traveller) -> Iterator[World]:
    """The stack with its boundaries observed; its vendors answer without sockets."""
    world = World(stack, clock)
    heard = world.boundaries
    vendors = answering(stack.huntress, stack.connectwise, before=heard.before_vendor)
    with heard.listening(stack.memory), vendors:
        yield world
