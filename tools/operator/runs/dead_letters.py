"""Messages that company-sync could not do in all their deliveries, and their way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from billing_sync.adapters.events.bus_events import company_message
from billing_sync.domain.errors import Blocked
from tools.operator.stack import Stack

LOOKING = 30  # seconds that nobody else sees a message while we look at it
MOVING = 120  # and while it is moved
AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message; `run_id` is "" when it is no message of ours, and `received` its deliveries."""

    id: str
    body: str
    group: str
    received: int
    sent_at: datetime
    run_id: str
    company_id: int
    receipt: str


class DeadLetters:
    """The dead-letter queue, and the company queue to which its messages go back."""

    def __init__(self, stack: Stack) -> None:
        self._sqs = stack.client("sqs")
        self._dead, self._companies = stack.output("DeadLetterQueue"), stack.output("Queue")

    def look(self) -> list[DeadLetter]:
        """What can be seen now; it stays where it is."""
        found = list(self._received(seconds=LOOKING))
        for letter in found:
            self._let_go(letter)
        return found

    def move(self, chosen: frozenset[str]) -> Iterator[DeadLetter]:
        """Send these messages, by id, to the company queue; each is answered once it is moved.

        Sent before it is deleted: killed between, it is in both queues, and the same
        deduplication id keeps the next try within five minutes from sending it twice. Twice would
        do no harm either: a row that is done stays done.
        """
        for letter in list(self._received(seconds=MOVING)):
            if letter.id not in chosen:
                self._let_go(letter)
                continue
            self._sqs.send_message(
                QueueUrl=self._companies,
                MessageBody=letter.body,
                MessageGroupId=letter.group,
                MessageDeduplicationId=f"redrive:{letter.id}",
            )
            self._sqs.delete_message(QueueUrl=self._dead, ReceiptHandle=letter.receipt)
            yield letter

    def _received(self, *, seconds: int) -> Iterator[DeadLetter]:
        while messages := self._sqs.receive_message(
            QueueUrl=self._dead,
            MaxNumberOfMessages=AT_ONCE,
            VisibilityTimeout=seconds,
            AttributeNames=["All"],
        ).get("Messages"):
            yield from map(_letter, messages)

    def _let_go(self, letter: DeadLetter) -> None:
        self._sqs.change_message_visibility(
            QueueUrl=self._dead, ReceiptHandle=letter.receipt, VisibilityTimeout=0
        )


def _letter(message: dict[str, Any]) -> DeadLetter:
    run_id, company_id = "", 0
    try:
        named = company_message(message["Body"])
        run_id, company_id = named.run_id, named.company_id
    except Blocked:
        pass
    attributes = message["Attributes"]
    return DeadLetter(
        id=message["MessageId"],
        body=message["Body"],
        group=attributes["MessageGroupId"],
        received=int(attributes["ApproximateReceiveCount"]),
        sent_at=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
        run_id=run_id,
        company_id=company_id,
        receipt=message["ReceiptHandle"],
    )
