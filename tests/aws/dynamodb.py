"""DynamoDB: conditions, transactions, pages, limits, and conflicts between overlapping writes.

Items are kept as on the wire and never changed in place: a copy of the dictionaries is a copy of
the tables. Limits and conflicts follow AWS's documentation, also where emulators are lenient.
"""

import threading
import time
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.aws.errors import AwsError, invalid
from tests.aws.expressions import Item, Placeholders, condition, key_condition, update

Key = tuple[str, str]
Page = dict[str, Any]
KEY = ("pk", "sk")
LARGEST_ITEM = 400 * 1024
LARGEST_PAGE = 1024 * 1024
LARGEST_TRANSACTION = 4 * 1024 * 1024
MOST_IN_A_TRANSACTION, MOST_IN_A_BATCH = 100, 25
TOKEN_LIVES = 600.0  # seconds
_REFUSED = "The conditional request failed"
_CONFLICT = "Transaction is ongoing for the item"


@dataclass(slots=True)
class Table:
    """Partitions of items and their sizes by sort key; each partition's sort keys in order."""

    partitions: dict[str, dict[str, tuple[Item, int]]] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)

    def get(self, key: Key) -> Item | None:
        """The item, as it is kept."""
        kept = self.partitions.get(key[0], {}).get(key[1])
        return kept[0] if kept else None

    def set(self, key: Key, item: Item, size: int) -> None:
        """Replace the item; an empty one is no item."""
        pk, sk = key
        partition, order = self.partitions.setdefault(pk, {}), self.order.setdefault(pk, [])
        if item:
            if sk not in partition:
                insort(order, sk)
            partition[sk] = item, size
        elif partition.pop(sk, None):
            del order[bisect_left(order, sk)]

    def keys(self, pk: str, prefix: str = "") -> list[Key]:
        """The keys of a partition whose sort key begins so, in their order."""
        order = self.order.get(pk, [])
        first = bisect_left(order, prefix)
        last = bisect_right(order, prefix + "\U0010ffff") if prefix else len(order)
        return [(pk, sk) for sk in order[first:last]]

    def copied(self) -> "Table":
        """The same items, changed apart from now on."""
        return Table(
            {pk: dict(items) for pk, items in self.partitions.items()},
            {pk: list(sks) for pk, sks in self.order.items()},
        )


@dataclass(frozen=True, slots=True)
class _Write:
    """A write that is under way until a moment of the world's clock."""

    caller: object
    until: float
    transaction: bool


class DynamoDb:
    """All tables. `write_seconds` is how long a write is under way; 0: nothing overlaps."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.write_seconds = 0.0
        self.conflicts = 0
        self.changes = 0  # items written so far: what was read before the last one may be old
        self._tokens: dict[str, tuple[float, str]] = {}
        self._under_way: dict[tuple[str, Key], list[_Write]] = {}
        self._caller: object = None
        self._lock = threading.RLock()

    def copied(self) -> Any:
        """What there is now."""
        return {name: table.copied() for name, table in self.tables.items()}, dict(self._tokens)

    def restore(self, copy: Any) -> None:
        """Go back to such a copy."""
        tables, tokens = copy
        self.tables = {name: table.copied() for name, table in tables.items()}
        self.changes += 1
        self._tokens, self._under_way = dict(tokens), {}

    @contextmanager
    def called_by(self, caller: object) -> Iterator[None]:
        """The calls until the end are this caller's: nobody is in conflict with himself."""
        before, self._caller = self._caller, caller
        try:
            yield
        finally:
            self._caller = before

    # --- tables ---------------------------------------------------------------------------------

    def create_table(self, *, TableName: str, **_: object) -> Page:  # noqa: N803
        """A table with `pk` and `sk`, both text, as all of ours."""
        self.tables[TableName] = Table()
        return {"TableDescription": {"TableName": TableName, "TableStatus": "ACTIVE"}}

    # --- reads ----------------------------------------------------------------------------------

    def get_item(self, **request: Any) -> Page:
        """One item; reads are never in conflict with a transaction."""
        item = self._table(request).get(_key(request["Key"]))
        return {} if item is None else {"Item": dict(item)}

    def query(self, **request: Any) -> Page:
        """A page of one partition, at most 1 MB of items or `Limit` of them."""
        placeholders = Placeholders.of(request)
        pk, prefix = key_condition(request["KeyConditionExpression"], placeholders)
        placeholders.all_used()
        return self._page(request, self._table(request).keys(pk, prefix))

    def scan(self, **request: Any) -> Page:
        """A page of the whole table."""
        table = self._table(request)
        return self._page(request, [key for pk in table.order for key in table.keys(pk)])

    def _page(self, request: Page, keys: list[Key]) -> Page:
        table, most = self._table(request), request.get("Limit", len(keys) + 1)
        if not request.get("ScanIndexForward", True):
            keys.reverse()
        if "ExclusiveStartKey" in request:
            keys = keys[keys.index(_key(request["ExclusiveStartKey"])) + 1 :]
        found, size = list[Item](), 0
        for key in keys:
            item, bytes_of_item = table.partitions[key[0]][key[1]]
            size += bytes_of_item
            if found and size > LARGEST_PAGE:
                break
            found.append(dict(item))
            if len(found) == most:
                break
        page: Page = {"Items": found, "Count": len(found), "ScannedCount": len(found)}
        if len(found) == most or len(found) < len(keys):
            page["LastEvaluatedKey"] = {name: found[-1][name] for name in KEY}
        return page

    # --- writes ---------------------------------------------------------------------------------

    def put_item(self, **request: Any) -> Page:
        """Put an item under its condition."""
        return self._alone("Put", request)

    def update_item(self, **request: Any) -> Page:
        """Change attributes of an item, made where there is none."""
        return self._alone("Update", request)

    def delete_item(self, **request: Any) -> Page:
        """Delete an item, also one that is not there."""
        return self._alone("Delete", request)

    def batch_write_item(self, *, RequestItems: dict[str, list[Page]]) -> Page:  # noqa: N803
        """Puts and deletes without conditions, each on its own."""
        changes = [
            (kind.removesuffix("Request"), {"TableName": name, **what})
            for name, requests in RequestItems.items()
            for each in requests
            for kind, what in each.items()
        ]
        if not 0 < len(changes) <= MOST_IN_A_BATCH:
            raise invalid("Too many items requested for the BatchWriteItem call")
        targets = [(change["TableName"], _target(change)) for _, change in changes]
        if len(set(targets)) < len(targets):
            raise invalid("Provided list of item keys contains duplicates")
        for kind, change in changes:
            self._alone(kind, change)
        return {"UnprocessedItems": {}}

    def transact_write_items(
        self,
        *,
        TransactItems: list[Page],  # noqa: N803
        ClientRequestToken: str = "",  # noqa: N803
    ) -> Page:
        """All or nothing; the same token again within ten minutes is the same transaction."""
        changes = [next(iter(each.items())) for each in TransactItems]
        targets = [(change["TableName"], _target(change)) for _, change in changes]
        if len(changes) > MOST_IN_A_TRANSACTION:
            raise invalid("Member must have length less than or equal to 100")
        if len(set(targets)) < len(targets):
            raise invalid("Transaction request cannot include multiple operations on one item")
        prepared = [self._prepared(kind, change) for kind, change in changes]
        with self._lock:
            if self._is_repeated(ClientRequestToken, TransactItems):
                return {}
            self._refuse(
                "TransactionConflict",
                _CONFLICT,
                [self._conflicts(target, transaction=True) for target in targets],
            )
            before = [self._at(change) for _, change in changes]
            held = [holds(item) for item, (holds, _) in zip(before, prepared, strict=True)]
            self._refuse("ConditionalCheckFailed", _REFUSED, [not each for each in held])
            after = [apply(item) for item, (_, apply) in zip(before, prepared, strict=True)]
            sizes = [_size_within_limit(item) for item in after]
            if sum(sizes) > LARGEST_TRANSACTION:
                raise invalid("Transaction request aggregate size exceeds the limit of 4 MB")
            for (kind, change), item, size in zip(changes, after, sizes, strict=True):
                if kind != "ConditionCheck":
                    self._table(change).set(_target(change), item, size)
            self.changes += 1
            for target in targets:
                self._begin(target, transaction=True)
            self._tokens[ClientRequestToken] = (time.time() + TOKEN_LIVES, repr(TransactItems))
        return {}

    def _is_repeated(self, token: str, changes: list[Page]) -> bool:
        """Whether this transaction was made within the last ten minutes, by its token."""
        until, known = self._tokens.get(token, (0.0, ""))
        if not token or until <= time.time():
            return False
        if known != repr(changes):
            raise AwsError("IdempotentParameterMismatchException", "same token, other call")
        return True

    def _refuse(self, code: str, message: str, where: list[bool]) -> None:
        """Cancel a transaction for its changes that are so marked."""
        if not any(where):
            return
        self.conflicts += code == "TransactionConflict"
        reasons = [{"Code": code, "Message": message} if hit else {"Code": "None"} for hit in where]
        codes = ", ".join(reason["Code"] for reason in reasons)
        text = "Transaction cancelled, please refer cancellation reasons for specific reasons"
        raise AwsError(
            "TransactionCanceledException", f"{text} [{codes}]", CancellationReasons=reasons
        )

    def _alone(self, kind: str, request: Page) -> Page:
        holds, apply = self._prepared(kind, request)
        target = request["TableName"], _target(request)
        with self._lock:
            if self._conflicts(target, transaction=False):
                self.conflicts += 1
                raise AwsError("TransactionConflictException", _CONFLICT)
            if not holds(self._at(request)):
                raise AwsError("ConditionalCheckFailedException", _REFUSED)
            before, after = self._at(request), apply(self._at(request))
            self._table(request).set(_target(request), after, _size_within_limit(after))
            self.changes += 1
            self._begin(target, transaction=False)
        return _returned(request.get("ReturnValues", "NONE"), before, after)

    def _prepared(
        self, kind: str, request: Page
    ) -> tuple[Callable[[Item], bool], Callable[[Item], Item]]:
        """The condition of a write, and what it makes of the item that is there ({}: none)."""
        self._table(request)
        placeholders = Placeholders.of(request)
        holds = condition(request.get("ConditionExpression", ""), placeholders)
        apply: Callable[[Item], Item] = lambda item: item  # noqa: E731 - a check changes nothing
        if kind == "Put":
            apply = lambda _: dict(request["Item"])  # noqa: E731
        elif kind == "Delete":
            apply = lambda _: {}  # noqa: E731
        elif kind == "Update":
            change = update(request["UpdateExpression"], placeholders)
            apply = lambda item: change(item or request["Key"])  # noqa: E731
        placeholders.all_used()
        return holds, apply

    def _table(self, request: Page) -> Table:
        name = request["TableName"]
        if name not in self.tables:
            raise AwsError("ResourceNotFoundException", "Requested resource not found")
        return self.tables[name]

    def _at(self, request: Page) -> Item:
        return self._table(request).get(_target(request)) or {}

    def _conflicts(self, target: tuple[str, Key], *, transaction: bool) -> bool:
        """Whether another caller's write of this item is under way, and one is a transaction."""
        now = time.time()
        return any(
            each.until > now and each.caller != self._caller and (transaction or each.transaction)
            for each in self._under_way.get(target, ())
        )

    def _begin(self, target: tuple[str, Key], *, transaction: bool) -> None:
        if self.write_seconds:
            write = _Write(self._caller, time.time() + self.write_seconds, transaction)
            self._under_way.setdefault(target, []).append(write)


def _returned(wanted: str, before: Item, after: Item) -> Page:
    if wanted == "NONE":
        return {}
    if wanted == "ALL_OLD":
        return {"Attributes": dict(before)} if before else {}
    if wanted == "ALL_NEW":
        return {"Attributes": dict(after)}
    if wanted == "UPDATED_NEW":
        changed = {k: v for k, v in after.items() if before.get(k) != v and k not in KEY}
        return {"Attributes": changed}
    raise NotImplementedError(wanted)


def _target(request: Page) -> Key:
    return _key(request.get("Key") or request["Item"])


def _key(item: Item) -> Key:
    for name in KEY:
        if not item.get(name, {}).get("S"):
            raise invalid(f"The provided key element does not match the schema: {name}")
    return item["pk"]["S"], item["sk"]["S"]


def _size_within_limit(item: Item) -> int:
    size = item_size(item)
    if size > LARGEST_ITEM:
        raise invalid("Item size has exceeded the maximum allowed size")
    return size


def item_size(item: Item) -> int:
    """Bytes, by AWS's published rules for item sizes."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(typed: Item) -> int:
    ((kind, value),) = typed.items()
    if kind in {"S", "B"}:
        return len(value if kind == "B" or value.isascii() else value.encode())
    if kind == "N":
        return _number_size(value)
    if kind == "L":
        return 3 + sum(1 + _size(each) for each in value)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _size(each) for name, each in value.items())
    if kind in {"BOOL", "NULL"}:
        return 1
    raise NotImplementedError(f"an attribute of type {kind}")


def _number_size(text: str) -> int:
    """A byte for two significant digits and one more; DynamoDB keeps at most 38 digits."""
    try:
        digits = "".join(map(str, Decimal(text).as_tuple().digits)).strip("0")
    except InvalidOperation:
        raise invalid("The parameter cannot be converted to a numeric value") from None
    if len(digits) > 38:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    return (len(digits) + 1) // 2 + 1
