"""One script of calls, run on moto and in memory: the same answers, or a documented difference."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
import time_machine
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.aws.memory import InMemoryAws
from tests.clock import world_clock

STARTS = datetime(2026, 7, 14, 9, 0, tzinfo=UTC)
# What each service makes up: ids, receipts, checksums, times of creation, numbers of deliveries.
MADE_UP = frozenset(
    {
        "account", "ARN", "ChecksumCRC32", "ConsumedCapacity", "CreatedDate", "ETag", "EventId",
        "ItemCollectionMetrics", "KmsKeyId", "LastModified",
        "LastChangedDate", "LastAccessedDate", "MD5OfMessageAttributes", "MD5OfMessageBody",
        "MD5OfBody", "MessageId", "ReceiptHandle", "ResponseMetadata", "SequenceNumber",
        "SenderId", "Signature", "SignatureVersion", "SigningCertURL", "SubscriptionArn",
        "Timestamp", "UnsubscribeURL", "VersionId", "id",
    }
)  # fmt: skip
Answers = list[object]


@dataclass
class Session:
    """Calls of one script and their answers, without what a service makes up."""

    clock: time_machine.Traveller
    answers: Answers = field(default_factory=list)

    def __call__(self, service: str, operation: str, **params: Any) -> dict[str, Any]:
        """Make a call; its answer, {} where it was refused."""
        try:
            reply = getattr(_client(service), operation)(**params)
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", [])
            codes = [reason["Code"] for reason in reasons]
            self.answers.append([operation, error.response["Error"]["Code"], codes])
            return {}
        if "Body" in reply:
            reply["Body"] = reply["Body"].read().decode()
        self.answers.append([operation, plain(reply)])
        return dict(reply)

    def dynamodb(self, operation: str, **params: Any) -> dict[str, Any]:
        """A call about the table `t`."""
        named = (
            {} if operation in {"transact_write_items", "batch_write_item"} else {"TableName": "t"}
        )
        return self("dynamodb", operation, **named, **params)


@cache
def _client(service: str) -> Any:
    return boto3.client(service)


Script = Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class Difference:
    """Why moto answers a script otherwise than AWS does, and where AWS documents it."""

    why: str
    source: str


def on_moto(script: Script) -> Answers:
    """The reference's answers."""
    with mock_aws():
        return _run(script)


def in_memory(script: Script) -> Answers:
    """The double's answers."""
    with InMemoryAws().active():
        return _run(script)


def _run(script: Script) -> Answers:
    with world_clock(STARTS, tick=False) as clock:
        session = Session(clock)
        script(session)
        return session.answers


def plain(value: Any) -> Any:
    """Comparable: nothing made up, JSON in text as its content, sets of pairs in one order."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in sorted(value.items()) if k not in MADE_UP and v != []}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, str) and value.startswith("{"):
        return plain(json.loads(value))
    return value
