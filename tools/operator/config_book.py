"""Changing the config table: each item only as long as it is what the caller read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from billing_sync.adapters.config.settings import SettingsItem
from billing_sync.adapters.ledger.items import Item
from billing_sync.adapters.ledger.table import Change, LedgerTable
from tools.operator.errors import Refused

# DynamoDB takes so many changes at once, all or none.
AT_ONCE = 100
_KEY = ("pk", "sk")
_ATTRIBUTES = frozenset(
    name
    for kind in (SettingsItem, OrganizationItem, CompanyItem)
    for name in kind.model_fields
    if name not in _KEY
)


@dataclass(frozen=True, slots=True)
class Edit:
    """An item `before`, as it was read, and `after`; None where there is no item."""

    before: Item | None
    after: Item | None

    @property
    def key(self) -> tuple[str, str]:
        """Partition and sort key."""
        item = self.after if self.after is not None else self.before
        assert item is not None
        return str(item["pk"]), str(item["sk"])

    def change(self) -> Change:
        """The write, on condition that the item has not changed since it was read."""
        before = self.before or {}
        known = _ATTRIBUTES | before.keys() | (self.after or {}).keys()
        when = {name: value for name, value in before.items() if name not in _KEY}
        absent = tuple(sorted(known - when.keys() - set(_KEY)))
        if self.before is None:
            when, absent = {}, ("pk",)
        if self.after is None:
            return Change(*self.key, delete=True, when=when, absent=absent)
        plain = {name: value for name, value in self.after.items() if name not in _KEY}
        return Change(*self.key, put=plain, when=when, absent=absent)


class ConfigBook:
    """Reads items of the config table, and writes them for the person named by `by`."""

    def __init__(self, table: LedgerTable, *, by: str) -> None:
        self._table = table
        self._by = by

    def item(self, pk: str, sk: str) -> Item | None:
        """The item as it is now."""
        return self._table.get(pk, sk)

    def items(self, pk: str, prefix: str = "") -> list[Item]:
        """All items of a partition whose sort key begins so, in its order."""
        return list(self._table.query(pk, prefix))

    def signed(self, item: Item) -> Item:
        """The item with who changes it, and when."""
        return {**item, "updated_by": self._by, "updated_at": f"{datetime.now(UTC):%FT%TZ}"}

    def write(self, edits: Sequence[Edit]) -> None:
        """Make these changes, at most 100, all or none.

        Raises `Refused` when somebody else changed one of the items since it was read.
        """
        if not self._table.write(*(edit.change() for edit in edits)):
            names = _named(edits)
            raise Refused(
                f"somebody changed {names} meanwhile; nothing was written. Look at it again, then"
                " repeat the command."
            )


def _named(edits: Iterable[Edit]) -> str:
    keys = [" / ".join(edit.key) for edit in edits]
    return keys[0] if len(keys) == 1 else f"one of {len(keys)} items ({keys[0]}, ...)"
