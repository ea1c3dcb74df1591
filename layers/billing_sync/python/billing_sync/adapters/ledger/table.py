"""The ledger's table: strongly consistent reads, and writes that happen all or not at all."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from billing_sync.adapters.ledger.items import Item
from billing_sync.domain.errors import Retryable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REFUSED = frozenset({"ConditionalCheckFailed", "ConditionalCheckFailedException"})
# Another write of the same item is under way; it takes milliseconds.
CONFLICTS = frozenset(
    {"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"}
)
BUSY = frozenset(
    {
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
    }
)
ATTEMPTS = 10
LONGEST_WAIT = 1.0  # seconds before one more attempt
PUT_AT_ONCE = 25  # as many as DynamoDB takes in one batch
_serialize, _deserialize = TypeSerializer().serialize, TypeDeserializer().deserialize


@dataclass(frozen=True, slots=True)
class Change:
    """One conditional change of one item: `put` it whole, `set` some attributes, or `delete` it.

    `when` are attributes that must have these values (a tuple: one of them), `absent` attributes
    that must not be there; a `Change` with neither put, set nor delete only checks.
    """

    pk: str
    sk: str
    put: Item | None = None
    set: Mapping[str, Any] | None = None
    delete: bool = False
    when: Mapping[str, Any] = field(default_factory=dict)
    absent: tuple[str, ...] = ()

    def request(self, table: str) -> Item:
        """The change as TransactWriteItems takes it."""
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        request: Item = {"TableName": table}
        if self.put is None:
            request["Key"] = _key(self.pk, self.sk)
        else:
            request["Item"] = _typed({"pk": self.pk, "sk": self.sk, **self.put})
        if self.set is not None:
            terms = [f"{_name(n, names)} = {_value(v, values)}" for n, v in self.set.items()]
            request["UpdateExpression"] = "SET " + ", ".join(terms)
        conditions = [_condition(n, v, names, values) for n, v in self.when.items()]
        conditions += [f"attribute_not_exists({_name(n, names)})" for n in self.absent]
        if conditions:
            request["ConditionExpression"] = " AND ".join(conditions)
        if names:
            request["ExpressionAttributeNames"] = names
        if values:
            request["ExpressionAttributeValues"] = _typed(values)
        return {self._kind(): request}

    def _kind(self) -> str:
        if self.put is not None:
            return "Put"
        if self.set is not None:
            return "Update"
        return "Delete" if self.delete else "ConditionCheck"


def _typed(values: Mapping[str, Any]) -> Item:
    """Attributes as DynamoDB's API has them, each with its type."""
    return {name: _serialize(value) for name, value in values.items()}


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: _deserialize(value) for name, value in item.items()}


def _key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _name(name: str, names: dict[str, str]) -> str:
    names[f"#{name}"] = name
    return f"#{name}"


def _value(value: Any, values: dict[str, Any]) -> str:
    placeholder = f":{len(values)}"
    values[placeholder] = value
    return placeholder


def _condition(name: str, value: Any, names: dict[str, str], values: dict[str, Any]) -> str:
    if isinstance(value, tuple):
        return f"{_name(name, names)} IN ({', '.join(_value(v, values) for v in value)})"
    return f"{_name(name, names)} = {_value(value, values)}"


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _codes(error: ClientError) -> set[str]:
    """The error's code, and the reasons of a cancelled transaction."""
    reasons: Any = error.response.get("CancellationReasons", [])
    return {_code(error), *(str(reason.get("Code")) for reason in reasons)}


def _wait(attempt: int) -> None:
    """Until the next attempt: longer after each, with jitter."""
    most = min(LONGEST_WAIT, 0.02 * 2**attempt)
    time.sleep(random.uniform(0, most))  # noqa: S311 - jitter is no secret


class LedgerTable:
    """Reads and conditional writes of one table with `pk` and `sk`.

    It calls DynamoDB's client, since boto3's own tables look for values to convert in every call,
    which takes longer than the call.
    """

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client: Any = client
        self._name = name

    def get(self, pk: str, sk: str) -> Item | None:
        """The item as of now, or None."""
        reply = self._client.get_item(
            TableName=self._name,
            Key=_key(pk, sk),
            ConsistentRead=True,  # guard: consistent-get
        )
        return _plain(reply["Item"]) if "Item" in reply else None

    def query(
        self, pk: str, prefix: str = "", *, newest_first: bool = False, most: int | None = None
    ) -> Iterator[Item]:
        """All items of a partition whose sort key starts with `prefix`, in the order of the key.

        With `most` no page is longer, for a caller that wants only the first items.
        """
        condition, values = "pk = :pk", {":pk": {"S": pk}}
        if prefix:
            condition += " AND begins_with(sk, :prefix)"
            values[":prefix"] = {"S": prefix}
        more: dict[str, Any] = {"Limit": most} if most else {}
        while True:
            reply = self._client.query(
                TableName=self._name,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=values,
                ConsistentRead=True,  # guard: consistent-query
                ScanIndexForward=not newest_first,
                **more,
            )
            yield from map(_plain, reply["Items"])
            if "LastEvaluatedKey" not in reply:
                return
            more["ExclusiveStartKey"] = reply["LastEvaluatedKey"]

    def write(self, *changes: Change) -> bool:
        """Make all changes, or none and answer False because a condition did not hold.

        A conflict with another write is tried again at once. Raises `Retryable` when DynamoDB
        stays busy with the same items.
        """
        for attempt in range(ATTEMPTS):
            try:
                self._send(changes)
            except ClientError as error:
                codes = _codes(error)
                if codes & REFUSED:
                    return self._is_done(changes)
                if not codes & (CONFLICTS | BUSY):
                    raise
                if codes & BUSY or attempt == ATTEMPTS - 1:
                    raise Retryable(f"the ledger is busy ({_code(error)}); try again") from error
                _wait(attempt)
            else:
                return True
        raise AssertionError("the last attempt returns or raises")

    def _is_done(self, changes: tuple[Change, ...]) -> bool:
        """Whether the items say that these changes were made: the answer was lost, not they.

        boto3 sends a call again whose answer did not come; then its own effect refuses it.
        """
        written = [change for change in changes if change.put is not None or change.set is not None]
        return bool(written) and all(self._shows(change) for change in written)

    def _shows(self, change: Change) -> bool:
        item = self.get(change.pk, change.sk)
        wanted = {**(change.put or {}), **(change.set or {})}
        return item is not None and all(
            name in item and item[name] == value for name, value in wanted.items()
        )

    def _send(self, changes: tuple[Change, ...]) -> None:
        """One change as itself, several as a transaction, which costs twice as much."""
        requests = [change.request(self._name) for change in changes]
        if len(requests) > 1:
            self._client.transact_write_items(TransactItems=requests)
            return
        ((kind, request),) = requests[0].items()
        send = {
            "Put": self._client.put_item,
            "Update": self._client.update_item,
            "Delete": self._client.delete_item,
        }
        send[kind](**request)

    def put_all(self, items: Iterable[Item]) -> None:
        """Put many items, without conditions.

        Raises `Retryable` when DynamoDB leaves some of them again and again.
        """
        puts = [{"PutRequest": {"Item": _typed(item)}} for item in items]
        for start in range(0, len(puts), PUT_AT_ONCE):
            left = {self._name: puts[start : start + PUT_AT_ONCE]}
            for attempt in range(ATTEMPTS):
                left = self._client.batch_write_item(RequestItems=left).get("UnprocessedItems", {})
                if not left:
                    break
                _wait(attempt)
            else:
                raise Retryable("the ledger is busy (UnprocessedItems); try again")

    def next_number(self, name: str) -> int:
        """The next value of an atomic counter, from 1."""
        reply = self._client.update_item(
            TableName=self._name,
            Key=_key("COUNTER", name),
            UpdateExpression="ADD #n :one",
            ExpressionAttributeNames={"#n": "number"},
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(reply["Attributes"]["number"]["N"])
