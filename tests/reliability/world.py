"""A stack that starts again and again from the same moment: all it holds is put back as it was."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from billing_sync.compose import aws
from tests.integration.local_aws import aws_client
from tests.integration.local_stack import REMEMBERING, LocalStack
from tests.reliability.boundaries import Boundaries, Fate, Happenings
from tests.reliability.quick_tables import QuickTables, Tables
from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.vendors.messages import Call

# Schedules begin at the same moment, so a queue is emptied more often than once a minute.
os.environ["MOTO_SQS_ENFORCE_STRICT_QUEUE_PURGE_BEHAVIOUR"] = "false"

SERVICES = ("sqs", "events", "secretsmanager", "s3", "sns")
LANDS_AFTER = timedelta(seconds=75)  # a write may land for two minutes
NOT_NOW = {"status": 503, "headers": {"Retry-After": "3600"}}  # too long to wait for
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that a stack and its vendors hold."""

    at: datetime
    tables: Tables
    messages: list[Item]
    events: list[str]
    huntress: Any
    connectwise: Any


class World:
    """A stack with its clock and its boundaries."""

    def __init__(
        self, stack: LocalStack, tables: QuickTables, clock: time_machine.Traveller
    ) -> None:
        self.stack, self._tables = stack, tables
        self.boundaries = Boundaries(spoil=self.spoil)
        self.began = datetime.now(UTC)
        self.changed_before = 0  # quantities changed before the schedule began
        self._clock = clock
        self._sqs = aws_client("sqs")
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
        """Let the next call to a vendor's method and path go wrong."""
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
        """What there is now; taking it empties the queues."""
        return Moment(
            at=datetime.now(UTC),
            tables=self._tables.copied(),
            messages=self.stack.messages(),
            events=self.stack.taken(self.stack.aws.bus),
            huntress=deepcopy(self.stack.huntress.state),
            connectwise=self.stack.connectwise.snapshot(),
        )

    def restart(self, moment: Moment, happenings: Happenings) -> None:
        """Put everything back as it was then; cold containers."""
        self._clock.move_to(moment.at)
        self.began, self.changed_before = moment.at, len(moment.connectwise.quantity_changes)
        self.cold()
        self._tables.restore(moment.tables)
        self._restore_queues(moment)
        self._restore_vendors(moment)
        self._landing, self._late = None, False
        self.boundaries.begin(happenings)

    def cold(self) -> None:
        """The next invocation begins in a fresh container."""
        for handler in REMEMBERING:
            handler.composed.cache_clear()

    def holds_messages(self) -> bool:
        """Whether a company's message waits or is in flight."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = self.stack.aws.companies
        reply = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return any(int(reply["Attributes"][name]) for name in names)

    def _restore_queues(self, moment: Moment) -> None:
        aws = self.stack.aws
        for url in (aws.companies, aws.dead, aws.bus, aws.notices):
            self._sqs.purge_queue(QueueUrl=url)
        self.stack.events.clear()
        self.stack.replies.clear()
        for message in moment.messages:
            names = ("MessageGroupId", "MessageDeduplicationId")
            ids = {name: message["Attributes"][name] for name in names}
            self._sqs.send_message(QueueUrl=aws.companies, MessageBody=message["Body"], **ids)
        for body in moment.events:
            self._sqs.send_message(QueueUrl=aws.bus, MessageBody=body)

    def _restore_vendors(self, moment: Moment) -> None:
        here = self.stack
        for vendor, then in (
            (here.huntress, moment.huntress),
            (here.connectwise, moment.connectwise),
        ):
            vendor.clear_faults()
            with vendor.lock:
                for field in fields(then):
                    setattr(vendor.state, field.name, deepcopy(getattr(then, field.name)))

    def _remember(self, call: Call) -> None:
        if self._late:
            self._late, self._landing = False, (datetime.now(UTC) + LANDS_AFTER, call)


@contextmanager
def quick_world(stack: LocalStack, clock: time_machine.Traveller) -> Iterator[World]:
    """The stack on quick tables, with its boundaries heard."""
    ours = [aws.table(name) for name in ("ledger", "config")]
    tables = QuickTables()
    tables.take_over(*ours, stack.ledger, stack.config)
    world = World(stack, tables, clock)
    clients = [table.meta.client for table in ours]
    with world.boundaries.listening(*clients, *map(aws.client, SERVICES)):
        yield world
