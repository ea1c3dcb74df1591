"""How troubles make AWS misbehave: calls it refuses, calls it takes only in part.

botocore asks its listeners before it sends a call and shows them the answer, so that our functions
meet an error as AWS's SDK raises it once its own retries are used up.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from billing_sync.compose import aws
from tests.integration.local_aws import aws_client
from tests.integration.local_stack import REMEMBERING, LocalStack
from tests.reliability.faults import Strike, Trouble

TABLES = frozenset({"ledger", "config"})
Body = dict[str, Any]


@dataclass(slots=True)
class Answered:
    """Calls of one service, or of one table, that AWS answers with this instead of doing them.

    No `operations` are all of them; the first `spared` calls are done.
    """

    service: str
    operations: tuple[str, ...]
    status: int
    answer: Body
    spared: int = 0
    asked: int = 0

    def strikes(self, _: LocalStack) -> None:
        """From now on."""
        _listen(self.service, "before-call", self._answer)

    def passes(self, _: LocalStack) -> None:
        """Until now."""
        assert self.asked > self.spared, f"{self.service} did all that was asked of it"
        _stop_listening(self.service, "before-call", self._answer)

    def _answer(self, model: Any, **_: object) -> tuple[SimpleNamespace, Body] | None:
        if self.operations and model.name not in self.operations:
            return None
        self.asked += 1
        if self.asked <= self.spared:
            return None
        return SimpleNamespace(status_code=self.status), self.answer


def refused(
    service: str, code: str, *operations: str, reasons: tuple[str, ...] = (), spared: int = 0
) -> Answered:
    """Calls that AWS refuses; `reasons` are those of a cancelled transaction, change by change."""
    error = {"Code": code, "Message": f"{service} says {code}"}
    why = [{"Code": reason} for reason in reasons]
    answer = {"Error": error, "CancellationReasons": why}
    return Answered(service, operations, 400, answer, spared)


@dataclass(slots=True)
class Part:
    """Of the next `times` calls of one operation AWS takes all but the last entry.

    `drop` takes that entry out of what is sent; `tell` puts it into the answer.
    """

    service: str
    operation: str
    drop: Callable[[Body], Any]
    tell: Callable[[Body, Any], None]
    times: int = 3
    struck: int = 0
    left_out: list[Any] = field(default_factory=list)

    def strikes(self, _: LocalStack) -> None:
        """From now on."""
        _listen(self.service, "before-call", self._before)
        _listen(self.service, "after-call", self._after)

    def passes(self, _: LocalStack) -> None:
        """Until now."""
        assert self.struck == self.times, (
            f"{self.service} was asked {self.struck} times for {self.operation}"
        )
        _stop_listening(self.service, "before-call", self._before)
        _stop_listening(self.service, "after-call", self._after)

    def _before(self, model: Any, params: Body, **_: object) -> None:
        if model.name == self.operation and self.struck < self.times:
            self.struck += 1
            body = json.loads(params["body"])
            self.left_out.append(self.drop(body))
            params["body"] = json.dumps(body).encode()

    def _after(self, parsed: Body, **_: object) -> None:
        if self.left_out:
            self.tell(parsed, self.left_out.pop())


def one_item_unprocessed() -> Part:
    """A batch of the ledger of which DynamoDB leaves the last item to be sent again."""

    def tell(parsed: Body, item: Any) -> None:
        parsed["UnprocessedItems"] = {"ledger": [item]}

    return Part("ledger", "BatchWriteItem", lambda body: body["RequestItems"]["ledger"].pop(), tell)


def one_message_failed() -> Part:
    """A batch of messages of which SQS does not take the last one."""

    def tell(parsed: Body, entry: Any) -> None:
        failed = {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"}
        parsed.setdefault("Failed", []).append(failed)

    return Part("sqs", "SendMessageBatch", lambda body: body["Entries"].pop(), tell)


def no_event_taken() -> Answered:
    """EventBridge answers 200 and takes none of the events, as it does when it is throttled."""
    entry = {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}
    answer = {"FailedEntryCount": 1, "Entries": [entry]}
    return Answered("events", ("PutEvents",), 200, answer)


def aws_trouble(name: str, what: Answered | Part, **fields: Any) -> Trouble:
    """A trouble with AWS that strikes fresh containers."""

    def strikes(stack: LocalStack) -> None:
        cold(stack)
        what.strikes(stack)

    return Trouble(name, strikes, what.passes, **fields)


def cold(_: LocalStack) -> None:
    """Every function begins in a fresh container, with no secret kept."""
    for handler in REMEMBERING:
        handler.composed.cache_clear()


def secret_becomes(name: str, value: object) -> Strike:
    """Somebody stores another value."""

    def strike(stack: LocalStack) -> None:
        cold(stack)
        stack.put_secret(name, value)

    return strike


def secret_is_deleted(name: str) -> Strike:
    """Somebody schedules the secret for deletion."""

    def strike(stack: LocalStack) -> None:
        cold(stack)
        aws_client("secretsmanager").delete_secret(SecretId=name)

    return strike


def secrets_are_right(stack: LocalStack) -> None:
    """Both are there and have their values."""
    for name in ("huntress", "connectwise"):
        aws_client("secretsmanager").restore_secret(SecretId=name)
    stack.put_huntress_secret()
    stack.put_connectwise_secret()


def _client(service: str) -> Any:
    """The container's client of a service, or of a table."""
    return aws.table(service).meta.client if service in TABLES else aws.client(service)


def _listen(service: str, event: str, listener: Callable[..., object]) -> None:
    """Listen before anybody else does, boto3's own translations included."""
    meta = _client(service).meta
    name = f"{event}.{meta.service_model.service_id.hyphenize()}"
    meta.events.register_first(name, listener)


def _stop_listening(service: str, event: str, listener: Callable[..., object]) -> None:
    meta = _client(service).meta
    meta.events.unregister(f"{event}.{meta.service_model.service_id.hyphenize()}", listener)
