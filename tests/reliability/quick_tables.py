"""DynamoDB for thousands of schedules: the calls this product makes, answered from memory.

moto takes ten milliseconds a call, most of it for writing its answer. This knows just the
expressions of our ledger and config, and a test holds it against moto. Items are as on the wire
and never changed in place, so that a copy of the dictionaries is a copy of the tables.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSResponse
from moto.core.models import botocore_stubber

from tests.integration.local_aws import aws_client

Item = dict[str, Any]
Key = tuple[str, str]
Tables = dict[str, dict[Key, Item]]


class QuickTables:
    """All tables; `content` is theirs and may be replaced by a copy taken earlier."""

    def __init__(self) -> None:
        self.content: Tables = {}
        self.tokens: set[str] = set()

    def take_over(self, *tables: Any) -> None:
        """Answer for these tables' clients from now on, with what they hold."""
        for table in tables:
            client = table.meta.client
            if table.name not in self.content:
                plain = aws_client("dynamodb").scan(TableName=table.name)["Items"]
                self.content[table.name] = {_key(item): item for item in plain}
            client.meta.events.unregister("before-send", botocore_stubber)
            client.meta.events.register("before-send", self._answer)

    def copied(self) -> Tables:
        """The content as it is now."""
        return {name: dict(table) for name, table in self.content.items()}

    def restore(self, content: Tables) -> None:
        """Put such a copy back."""
        self.content = {name: dict(table) for name, table in content.items()}
        self.tokens.clear()

    def _answer(self, request: Any, **_: object) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        reply = _OPERATIONS[operation](self, json.loads(request.body))
        status = 400 if "__type" in reply else 200
        return AWSResponse(request.url, status, {}, _Raw(json.dumps(reply).encode()))

    def get_item(self, asked: Item) -> Item:
        item = self.content[asked["TableName"]].get(_key(asked["Key"]))
        return {"Item": item} if item else {}

    def query(self, asked: Item) -> Item:
        values = [value["S"] for value in asked["ExpressionAttributeValues"].values()]
        pk, prefix = values[0], (*values[1:], "")[0]
        table = self.content[asked["TableName"]]
        keys = sorted(key for key in table if key[0] == pk and key[1].startswith(prefix))
        if not asked.get("ScanIndexForward", True):
            keys.reverse()
        return {"Items": [table[key] for key in keys], "Count": len(keys)}

    def scan(self, asked: Item) -> Item:
        return {"Items": list(self.content[asked["TableName"]].values())}

    def batch_write(self, asked: Item) -> Item:
        for name, requests in asked["RequestItems"].items():
            for request in requests:
                for kind, what in request.items():
                    self._apply(kind.removesuffix("Request"), {"TableName": name, **what})
        return {"UnprocessedItems": {}}

    def transact(self, asked: Item) -> Item:
        """All or nothing; the same token again is the same transaction, long done."""
        if asked["ClientRequestToken"] in self.tokens:
            return {}
        changes = [next(iter(each.items())) for each in asked["TransactItems"]]
        held = [self._holds(change) for _, change in changes]
        if not all(held):
            reasons = [{"Code": "None" if one else "ConditionalCheckFailed"} for one in held]
            return {"__type": "TransactionCanceledException", "CancellationReasons": reasons}
        for kind, change in changes:
            self._apply(kind, change)
        self.tokens.add(asked["ClientRequestToken"])
        return {}

    def change(self, kind: str) -> Callable[[Item], Item]:
        """A change of one item, under its condition."""

        def changed(asked: Item) -> Item:
            if not self._holds(asked):
                return {"__type": "ConditionalCheckFailedException"}
            return {"Attributes": self._apply(kind, asked)}

        return changed

    def _holds(self, asked: Item) -> bool:
        item = self.content[asked["TableName"]].get(_key(asked.get("Key") or asked["Item"]), {})
        return all(
            _holds(term, item, asked)
            for term in asked.get("ConditionExpression", "").split(" AND ")
            if term
        )

    def _apply(self, kind: str, asked: Item) -> Item:
        table = self.content[asked["TableName"]]
        key = _key(asked.get("Key") or asked["Item"])
        if kind == "Put":
            table[key] = asked["Item"]
        elif kind == "Delete":
            table.pop(key, None)
        elif kind == "Update":
            table[key] = {**table.get(key, asked["Key"]), **_updated(table.get(key, {}), asked)}
        return table.get(key, {})


def _key(item: Item) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


def _holds(term: str, item: Item, asked: Item) -> bool:
    """One term of a condition: a name's value, one of several, or its absence."""
    names, values = asked["ExpressionAttributeNames"], asked.get("ExpressionAttributeValues", {})
    if absent := re.fullmatch(r"attribute_not_exists\((\S+)\)", term):
        return names[absent[1]] not in item
    name, wanted = re.fullmatch(r"(\S+) (?:=|IN) (.+)", term).groups()  # type: ignore[union-attr]
    return item.get(names[name]) in [values[one] for one in re.findall(r":\w+", wanted)]


def _updated(item: Item, asked: Item) -> Item:
    names, values = asked["ExpressionAttributeNames"], asked["ExpressionAttributeValues"]
    verb, _, terms = asked["UpdateExpression"].partition(" ")
    pairs = [re.fullmatch(r"(\S+)(?: =)? (\S+)", term) for term in terms.split(", ")]
    new = {names[pair[1]]: values[pair[2]] for pair in pairs if pair}
    if verb == "SET":
        return new
    return {n: {"N": str(int(item.get(n, {"N": 0})["N"]) + int(v["N"]))} for n, v in new.items()}


class _Raw:
    """A body as botocore reads it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


_OPERATIONS: dict[str, Callable[[QuickTables, Item], Item]] = {
    "GetItem": QuickTables.get_item,
    "Query": QuickTables.query,
    "Scan": QuickTables.scan,
    "BatchWriteItem": QuickTables.batch_write,
    "TransactWriteItems": QuickTables.transact,
    "PutItem": lambda tables, asked: tables.change("Put")(asked),
    "UpdateItem": lambda tables, asked: tables.change("Update")(asked),
    "DeleteItem": lambda tables, asked: tables.change("Delete")(asked),
}
