"""A bug planted in the AWS in memory turns the contract red: the contract can fail."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.aws import expressions
from tests.aws.contract import in_memory
from tests.aws.dynamodb import DynamoDb, Table
from tests.aws.eventbridge import EventBridge
from tests.aws.s3 import S3
from tests.aws.scripts import AGREED
from tests.aws.secrets import SecretsManager
from tests.aws.sns import Sns
from tests.aws.sqs import Sqs
from tests.aws.test_contract import reference

pytestmark = pytest.mark.xdist_group("aws contract")
Plant = Callable[[pytest.MonkeyPatch], None]


def replaced(kind: type, name: str, make: Callable[[Any], Any]) -> Plant:
    """`make` gets what is there and gives the bug."""
    return lambda patch: patch.setattr(kind, name, make(getattr(kind, name)))


def last_member_dropped(transact: Any) -> Any:
    def buggy(self: DynamoDb, *, TransactItems: list[Any], **rest: Any) -> Any:  # noqa: N803
        return transact(self, TransactItems=TransactItems[:-1], **rest)

    return buggy


def conditions_lost(prepared: Any) -> Any:
    return lambda self, kind, request: (lambda _: True, prepared(self, kind, request)[1])


def limit_ignored(page: Any) -> Any:
    return lambda self, request, keys: page(self, {**request, "Limit": 1000}, keys)


def newest_first_ignored(page: Any) -> Any:
    return lambda self, request, keys: page(self, {**request, "ScanIndexForward": True}, keys)


def in_any_order(visible: Any) -> Any:
    return lambda self, queue: reversed(list(visible(self, queue)))


def groups_ignored(_: Any) -> Any:
    return lambda self, queue: (m for m in queue.messages if m.visible <= 0)


def deduplication_lost(send: Any) -> Any:
    def buggy(self: Sqs, queue: Any, body: str, **ids: str) -> Any:
        queue.recent.clear()
        return send(self, queue, body, **ids)

    return buggy


def never_in_flight(received: Any) -> Any:
    def buggy(self: Sqs, message: Any, seconds: float) -> Any:
        return received(self, message, 0)

    return buggy


def nothing(reply: Any) -> Callable[[Any], Any]:
    """The call is answered and has no effect."""
    return lambda _: lambda self, *args, **params: reply


def wrong_error(_: Any) -> Any:
    return lambda self, code, message, where: None


def prefix_ignored(listed: Any) -> Any:
    return lambda self, **params: listed(self, **{**params, "Prefix": ""})


PLANTED: dict[str, Plant] = {
    "a condition is not looked at": replaced(DynamoDb, "_prepared", conditions_lost),
    "a transaction loses its last member": replaced(
        DynamoDb, "transact_write_items", last_member_dropped
    ),
    "a transaction is made although a condition is false": replaced(
        DynamoDb, "_refuse", wrong_error
    ),
    "deleting does nothing": replaced(DynamoDb, "delete_item", nothing({})),
    "a batch does nothing": replaced(
        DynamoDb, "batch_write_item", nothing({"UnprocessedItems": {}})
    ),
    "a limit is ignored": replaced(DynamoDb, "_page", limit_ignored),
    "newest first is ignored": replaced(DynamoDb, "_page", newest_first_ignored),
    "a prefix is ignored": replaced(
        Table, "keys", lambda keys: lambda self, pk, _="": keys(self, pk)
    ),
    "items have any size": lambda patch: patch.setattr("tests.aws.dynamodb.LARGEST_ITEM", 10**9),
    "IN compares the first value only": replaced(
        expressions._Parser, "_values_in_parentheses", lambda of: lambda self: of(self)[:1]
    ),
    "a group is out of order": replaced(Sqs, "_visible", in_any_order),
    "a group does not wait": replaced(Sqs, "_visible", groups_ignored),
    "deduplication is lost": replaced(Sqs, "_send", deduplication_lost),
    "a received message stays visible": replaced(Sqs, "_received", never_in_flight),
    "there are no dead letters": replaced(Sqs, "_is_dead", nothing(False)),
    "a deleted message stays": replaced(Sqs, "delete_message", nothing({})),
    "visibility cannot be changed": replaced(Sqs, "change_message_visibility", nothing({})),
    "a rule matches everything": lambda patch: patch.setattr(
        "tests.aws.eventbridge._matches", lambda *_: True
    ),
    "an event is lost": replaced(EventBridge, "_put", nothing({"EventId": ""})),
    "a message to a topic is lost": replaced(Sns, "publish", nothing({"MessageId": ""})),
    "objects are listed whatever their prefix": replaced(S3, "list_objects_v2", prefix_ignored),
    "a deleted secret can be used": replaced(
        SecretsManager, "_usable", lambda _: SecretsManager._secret
    ),
    "an earlier version stays current": replaced(SecretsManager, "_move", nothing(None)),
}


def differs() -> bool:
    """Whether a script is answered otherwise than by the reference, or not at all."""
    for script in AGREED:
        try:
            if in_memory(script) != reference(script):
                return True
        except (LookupError, TypeError, ValueError):
            return True
    return False


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_the_contract_notices(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)

    assert differs()
