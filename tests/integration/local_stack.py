"""The whole product in one process: real handlers, an emulated AWS, the vendors' stand-ins."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from billing_sync.domain.event_types import (
    CHECK_WORSE,
    DRIFT_FOUND,
    FINISHED,
    INVOICE_VOIDED,
    NOTIFICATION_TEST,
    REMINDER,
)
from functions.company_sync import handler as company_sync
from functions.invoice_trigger import handler as invoice_trigger
from functions.permission_check import handler as permission_check
from functions.run_report import handler as run_report
from functions.sync_preview import handler as sync_preview
from functions.test_sync import handler as test_sync
from tests.aws.memory import InMemoryAws
from tests.integration.installed_stack import Installed
from tests.integration.local_aws import local_aws
from tools.sandbox.vendors.connectwise import ConnectWiseFake
from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.world.build import World

REMEMBERING: tuple[ModuleType, ...] = (
    company_sync,
    invoice_trigger,
    run_report,
    sync_preview,
    test_sync,
)
FOR_RULES_OF_OTHERS = {CHECK_WORSE, NOTIFICATION_TEST}
ANNOUNCED = {FINISHED, DRIFT_FOUND, INVOICE_VOIDED, REMINDER}
MOST_ROUNDS = 200
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """What a handler is given beside its event; `seconds` are left of the invocation."""

    seconds: float = 300.0
    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:111122223333:function:function"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


class LocalStack(Installed):
    """Delivers what the deployed stack would deliver: bus events by rule, messages by queue."""

    def __init__(
        self,
        world: World,
        huntress: HuntressFake,
        connectwise: ConnectWiseFake,
        *,
        memory: InMemoryAws | None = None,
    ) -> None:
        super().__init__(world, huntress, connectwise, local_aws(), memory)
        self.events: list[Event] = []  # every event ever delivered
        self.replies: list[Event] = []  # every answer of company-sync

    def tick(self, *, seconds: float = 900) -> str:
        """One beat of the schedule."""
        return str(invoice_trigger.handler({"action": "tick"}, LambdaContext(seconds)))

    def invoice_appears(self, **fields: object) -> Event:
        """Huntress makes the new invoice."""
        invoice = self.world.new_invoice(datetime.now(UTC)) | fields
        self.huntress.add_invoice(invoice)
        return invoice

    def sync(self, **fields: object) -> None:
        """The invoice appears, and everything runs until nothing moves."""
        self.invoice_appears(**fields)
        self.tick()
        self.settle()

    def plan(self) -> None:
        """The invoice appears and is planned; the messages wait in the queue."""
        self.invoice_appears()
        self.tick()
        self.deliver_events()

    def ask(self, event: object) -> Event:
        """Press test-sync, let everything run, and look at what it shows then."""
        told = self.press(event)
        self.settle()
        return self.shown(told)

    def ask_now(self, event: object) -> Event:
        """As `ask`, but the messages stay in the queue."""
        told = self.press(event)
        self.deliver_events()
        return self.shown(told)

    def shown(self, told: Event) -> Event:
        """How the run of an answer stands by now; the answer itself where it names no run."""
        run_id = told.get("run_id")
        return self.press({"action": "show", "run_id": run_id}) if run_id else told

    def press(self, event: object) -> Event:
        """Press test-sync and take its answer; it has no time to wait for a run."""
        return _as_lambda_answers(test_sync.handler(event, LambdaContext(4)))

    def look(self, event: object) -> Event:
        """Press sync-preview and take its answer, as `press` does."""
        return _as_lambda_answers(sync_preview.handler(event, LambdaContext(1)))

    def check(self, *, seconds: float = 300) -> Event:
        """Run permission-check."""
        return _as_lambda_answers(permission_check.handler({}, LambdaContext(seconds)))

    def settle(self) -> None:
        """Deliver events and messages until there are none."""
        for _ in range(MOST_ROUNDS):
            if not (self.deliver_events() + self.deliver_messages()):
                return
        raise AssertionError("the stack does not come to rest")

    def deliver_events(self, *, seconds: float = 900) -> int:
        """Deliver the events on the bus, each to the function its rule names."""
        events = self.put_events()
        for event in events:
            self.deliver_event(event, seconds=seconds)
        return len(events)

    def put_events(self) -> list[Event]:
        """Take the events off the bus; whoever does not deliver them loses them."""
        return [json.loads(body) for body in self.taken(self.aws.bus)]

    def deliver_event(self, event: Event, *, seconds: float = 900) -> object:
        """Deliver one event as EventBridge does."""
        self.events.append(event)
        if event["detail-type"] in FOR_RULES_OF_OTHERS:
            return None
        told = event["detail-type"] in ANNOUNCED
        return (run_report if told else invoice_trigger).handler(event, LambdaContext(seconds))

    def messages(self) -> list[Event]:
        """Receive the visible messages without delivering them; they are in flight then."""
        reply = self._sqs.receive_message(
            QueueUrl=self.aws.companies, MaxNumberOfMessages=10, AttributeNames=["All"]
        )
        return list(reply.get("Messages", []))

    def deliver_messages(self) -> int:
        """Deliver each visible message alone; what is not named a failure is deleted."""
        messages = self.messages()
        for message in messages:
            self.deliver_message(message)
        return len(messages)

    def deliver_message(self, message: Event, *, seconds: float = 300) -> Event:
        """Deliver one message as the event source mapping does."""
        reply = company_sync.handler(queue_event(message), LambdaContext(seconds))
        self.replies.append(reply)
        if not reply["batchItemFailures"]:
            self._sqs.delete_message(
                QueueUrl=self.aws.companies, ReceiptHandle=message["ReceiptHandle"]
            )
        return reply

    def send(self, body: str) -> None:
        """Put any text into the company queue, as a hand-made or damaged message."""
        self._sqs.send_message(
            QueueUrl=self.aws.companies,
            MessageBody=body,
            MessageGroupId="by hand",
            MessageDeduplicationId=str(datetime.now(UTC).timestamp()),
        )


def queue_event(message: Event) -> Event:
    """A received message as company-sync is given it."""
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "eventSource": "aws:sqs",
    }
    return {"Records": [record]}


def _as_lambda_answers(reply: object) -> Event:
    """Lambda hands an answer over as JSON."""
    return dict(json.loads(json.dumps(reply)))


@contextmanager
def local_stack(
    now: datetime, world: Callable[[datetime], World], *, memory: InMemoryAws | None = None
) -> Iterator[LocalStack]:
    """A fresh stack in an AWS in memory, with its vendors; nothing is configured yet."""
    memory = memory or InMemoryAws()
    with memory.active(), vendors_of(world(now)) as (built, huntress, connectwise):
        yield LocalStack(built, huntress, connectwise, memory=memory)


@contextmanager
def vendors_of(built: World) -> Iterator[tuple[World, HuntressFake, ConnectWiseFake]]:
    """A world's vendors, listening; every function begins in a fresh container."""
    for handler in REMEMBERING:
        handler.composed.cache_clear()
    huntress = HuntressFake(built.huntress, calls_per_minute=0, monotonic=_monotonic)
    with huntress, ConnectWiseFake(built.connectwise) as connectwise:
        yield built, huntress, connectwise


def _monotonic() -> float:
    """The monotonic clock of the moment: a test may replace it after the stack is built."""
    return time.monotonic()
