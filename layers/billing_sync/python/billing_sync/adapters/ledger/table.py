"""The ledger's table: strongly consistent reads, and writes that happen all or not at all."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from billing_sync.adapters.ledger.items import Item
from billing_sync.domain.errors import Retryable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

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
        key = {"pk": self.pk, "sk": self.sk}
        request: Item = {"TableName": table}
        if self.put is None:
            request["Key"] = key
        else:
            request["Item"] = {**key, **self.put}
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
            request["ExpressionAttributeValues"] = values
        return {self._kind(): request}

    def _kind(self) -> str:
        if self.put is not None:
            return "Put"
        if self.set is not None:
            return "Update"
        return "Delete" if self.delete else "ConditionCheck"


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


class LedgerTable:
    """Reads and conditional writes of one table with `pk` and `sk`."""

    def __init__(self, table: "Table") -> None:
        self._table = table

    def get(self, pk: str, sk: str) -> Item | None:
        """The item as of now, or None."""
        reply = self._table.get_item(
            Key={"pk": pk, "sk": sk},
            ConsistentRead=True,  # guard: consistent-get
        )
        return reply.get("Item")

    def query(
        self, pk: str, prefix: str = "", *, newest_first: bool = False, most: int | None = None
    ) -> Iterator[Item]:
        """All items of a partition whose sort key starts with `prefix`, in the order of the key.

        With `most` no page is longer, for a caller that wants only the first items.
        """
        key = Key("pk").eq(pk)
        condition = key & Key("sk").begins_with(prefix) if prefix else key
        more: dict[str, Any] = {"Limit": most} if most else {}
        while True:
            reply = self._table.query(
                KeyConditionExpression=condition,
                ConsistentRead=True,  # guard: consistent-query
                ScanIndexForward=not newest_first,
                **more,
            )
            yield from reply["Items"]
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
                most = min(LONGEST_WAIT, 0.02 * 2**attempt)
                time.sleep(random.uniform(0, most))  # noqa: S311 - jitter is no secret
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
        client: Any = self._table.meta.client
        requests = [change.request(self._table.name) for change in changes]
        if len(requests) > 1:
            client.transact_write_items(TransactItems=requests)
            return
        ((kind, request),) = requests[0].items()
        send = {"Put": client.put_item, "Update": client.update_item, "Delete": client.delete_item}
        send[kind](**request)

    def put_all(self, items: Iterable[Item]) -> None:
        """Put many items, without conditions."""
        with self._table.batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)

    def next_number(self, name: str) -> int:
        """The next value of an atomic counter, from 1."""
        reply = self._table.update_item(
            Key={"pk": "COUNTER", "sk": name},
            UpdateExpression="ADD #n :one",
            ExpressionAttributeNames={"#n": "number"},
            ExpressionAttributeValues={":one": 1},
            ReturnValues="UPDATED_NEW",
        )
        return int(str(reply["Attributes"]["number"]))
