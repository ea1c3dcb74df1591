"""SQS: FIFO groups, visibility, deduplication, receive counts, dead letters, twelve hours."""

import hashlib
import json
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.aws.errors import AwsError

Page = dict[str, Any]
ACCOUNT, REGION = "123456789012", "us-east-1"
DEDUPLICATION = 300.0  # seconds
LONGEST_VISIBILITY = 12 * 3600
LARGEST_BATCH, LARGEST_BODY = 10, 256 * 1024
_DEFAULTS = {"VisibilityTimeout": "30", "MessageRetentionPeriod": str(4 * 24 * 3600)}


@dataclass(slots=True)
class Message:
    """A message of one queue; times in seconds of the world's clock."""

    id: str
    body: str
    sent: float
    group: str = ""
    deduplication: str = ""
    visible: float = 0.0
    received: int = 0
    first_received: float = 0.0
    last_received: float = 0.0
    receipt: str = ""


@dataclass(slots=True)
class Queue:
    """A queue, its messages in order, and the deduplication ids of the last five minutes."""

    name: str
    attributes: dict[str, str]
    messages: list[Message] = field(default_factory=list)
    recent: dict[str, tuple[float, str]] = field(default_factory=dict)

    @property
    def fifo(self) -> bool:
        """Whether its groups keep their order."""
        return self.name.endswith(".fifo")

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.name}"

    @property
    def arn(self) -> str:
        """Its name in policies and redrive."""
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    def seconds(self, attribute: str) -> float:
        """One of its attributes as a number."""
        return float(self.attributes[attribute])


class Sqs:
    """All queues by address."""

    def __init__(self) -> None:
        self.queues: dict[str, Queue] = {}
        self._numbers = count(1)

    def copied(self) -> dict[str, Queue]:
        """What there is now."""
        return deepcopy(self.queues)

    def restore(self, copy: dict[str, Queue]) -> None:
        """Go back to such a copy."""
        self.queues = deepcopy(copy)

    def by_arn(self, arn: str) -> Queue:
        """The queue of an ARN."""
        return next(queue for queue in self.queues.values() if queue.arn == arn)

    def holds_messages(self, url: str) -> bool:
        """Whether a message waits or is in flight."""
        queue = self._queue(url)
        self._expire(queue)
        return bool(queue.messages)

    def deliver(self, arn: str, body: str) -> None:
        """A message from another service of AWS."""
        queue = self.by_arn(arn)
        queue.messages.append(Message(self._id(), body, time.time()))

    # --- queues ---------------------------------------------------------------------------------

    def create_queue(self, *, QueueName: str, Attributes: Page | None = None) -> Page:  # noqa: N803
        """A queue; `Attributes` are text, as AWS takes them."""
        queue = Queue(QueueName, {**_DEFAULTS, **(Attributes or {})})
        self.queues[queue.url] = queue
        return {"QueueUrl": queue.url}

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> Page:  # noqa: N803
        """The attributes asked for, the approximate numbers being exact here."""
        queue, now = self._queue(QueueUrl), time.time()
        self._expire(queue)
        waiting = sum(message.visible <= now for message in queue.messages)
        known = {
            **queue.attributes,
            "QueueArn": queue.arn,
            "ApproximateNumberOfMessages": str(waiting),
            "ApproximateNumberOfMessagesNotVisible": str(len(queue.messages) - waiting),
            "ApproximateNumberOfMessagesDelayed": "0",
        }
        wanted = known if "All" in AttributeNames else AttributeNames
        return {"Attributes": {name: known[name] for name in wanted if name in known}}

    def purge_queue(self, *, QueueUrl: str) -> Page:  # noqa: N803
        """Every message is gone; deduplication remembers them."""
        self._queue(QueueUrl).messages.clear()
        return {}

    # --- messages -------------------------------------------------------------------------------

    def send_message(self, *, QueueUrl: str, MessageBody: str, **ids: str) -> Page:  # noqa: N803
        """Send one message; one that was sent within five minutes is accepted and dropped."""
        return self._send(self._queue(QueueUrl), MessageBody, **ids)

    def send_message_batch(self, *, QueueUrl: str, Entries: list[Page]) -> Page:  # noqa: N803
        """Send up to ten, each on its own."""
        queue = self._queue(QueueUrl)
        ids = [entry["Id"] for entry in Entries]
        if len(ids) > LARGEST_BATCH:
            text = f"Maximum number of entries per request are 10. You have sent {len(ids)}."
            raise AwsError("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", text)
        if len(set(ids)) < len(ids):
            raise AwsError("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id repeated")
        sent = []
        for entry in Entries:
            rest = {name: value for name, value in entry.items() if name != "Id"}
            sent.append({"Id": entry["Id"], **self._send(queue, rest.pop("MessageBody"), **rest)})
        return {"Successful": sent}

    def receive_message(
        self,
        *,
        QueueUrl: str,  # noqa: N803
        MaxNumberOfMessages: int = 1,  # noqa: N803
        VisibilityTimeout: int | None = None,  # noqa: N803
        **_: object,
    ) -> Page:
        """Up to ten visible messages, in order; each is in flight until its visibility ends."""
        queue = self._queue(QueueUrl)
        self._expire(queue)
        seconds = (
            queue.seconds("VisibilityTimeout") if VisibilityTimeout is None else VisibilityTimeout
        )
        taken = []
        for message in list(self._visible(queue)):
            if len(taken) == MaxNumberOfMessages:
                break
            if self._is_dead(queue, message):
                continue
            taken.append(self._received(message, seconds))
        return {"Messages": taken} if taken else {}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> Page:  # noqa: N803
        """Delete the message of this receipt; one of an earlier receive is without effect."""
        queue = self._queue(QueueUrl)
        queue.messages = [each for each in queue.messages if each.receipt != ReceiptHandle]
        return {}

    def change_message_visibility(
        self,
        *,
        QueueUrl: str,  # noqa: N803
        ReceiptHandle: str,  # noqa: N803
        VisibilityTimeout: int,  # noqa: N803
    ) -> Page:
        """Let it reappear so many seconds from now, at most twelve hours after its receive."""
        queue, now = self._queue(QueueUrl), time.time()
        message = next((each for each in queue.messages if each.receipt == ReceiptHandle), None)
        if message is None or message.visible <= now:
            text = f"Value {ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: expired"
            raise AwsError("InvalidParameterValue", text)
        if now - message.last_received + VisibilityTimeout > LONGEST_VISIBILITY:
            text = "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"
            raise AwsError("InvalidParameterValue", f"Value {VisibilityTimeout} is invalid. {text}")
        message.visible = now + VisibilityTimeout
        return {}

    def _queue(self, url: str) -> Queue:
        if url not in self.queues:
            raise AwsError(
                "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist."
            )
        return self.queues[url]

    def _expire(self, queue: Queue) -> None:
        oldest = time.time() - queue.seconds("MessageRetentionPeriod")
        queue.messages = [message for message in queue.messages if message.sent > oldest]

    def _id(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._numbers):012d}"

    def _send(
        self,
        queue: Queue,
        body: str,
        *,
        MessageGroupId: str = "",  # noqa: N803
        MessageDeduplicationId: str = "",  # noqa: N803
        **_: object,
    ) -> Page:
        if len(body.encode()) > LARGEST_BODY:
            text = "One or more parameters are invalid. Reason: Message is over 262144 bytes."
            raise AwsError("InvalidParameterValue", text)
        if queue.fifo and not (MessageGroupId and MessageDeduplicationId):
            missing = "MessageDeduplicationId" if MessageGroupId else "MessageGroupId"
            raise AwsError("MissingParameter", f"The request must contain the parameter {missing}.")
        now = time.time()
        until, sent = queue.recent.get(MessageDeduplicationId, (0.0, ""))
        message = Message(self._id(), body, now, MessageGroupId, MessageDeduplicationId)
        if queue.fifo and until > now:
            message.id = sent
        else:
            queue.messages.append(message)
            queue.recent[MessageDeduplicationId] = (now + DEDUPLICATION, message.id)
        digest = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
        return {"MessageId": message.id, "MD5OfMessageBody": digest}

    def _visible(self, queue: Queue) -> Iterator[Message]:
        """In order; of a group nothing while one of its messages is in flight."""
        now = time.time()
        blocked = {m.group for m in queue.messages if m.visible > now} if queue.fifo else set()
        return (m for m in queue.messages if m.visible <= now and m.group not in blocked)

    def _is_dead(self, queue: Queue, message: Message) -> bool:
        """Whether it was received too often; then it goes to the dead letters."""
        policy = json.loads(queue.attributes.get("RedrivePolicy", "{}"))
        if not policy or message.received < int(policy["maxReceiveCount"]):
            return False
        queue.messages.remove(message)
        message.visible = 0
        self.by_arn(policy["deadLetterTargetArn"]).messages.append(message)
        return True

    def _received(self, message: Message, seconds: float) -> Page:
        now = time.time()
        message.received += 1
        message.first_received = message.first_received or now
        message.last_received, message.visible = now, now + seconds
        message.receipt = f"{message.id}#{next(self._numbers)}"
        attributes = {
            "ApproximateReceiveCount": str(message.received),
            "ApproximateFirstReceiveTimestamp": str(int(message.first_received * 1000)),
            "SentTimestamp": str(int(message.sent * 1000)),
            "SenderId": ACCOUNT,
        }
        if message.group:
            attributes["MessageGroupId"] = message.group
            attributes["MessageDeduplicationId"] = message.deduplication
        return {
            "MessageId": message.id,
            "ReceiptHandle": message.receipt,
            "Body": message.body,
            "Attributes": attributes,
        }
