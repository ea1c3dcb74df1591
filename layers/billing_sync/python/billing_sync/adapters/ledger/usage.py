"""The usage frozen for an invoice, in the ledger."""

from collections.abc import Iterable, Mapping

from billing_sync.adapters.ledger import large_values
from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.usage.imports import effective_usage
from billing_sync.domain.vendors.huntress import Organization
from billing_sync.domain.vendors.usage import OrganizationUsage

VERSION = "VERSION"
ORGANIZATIONS = "ORGANIZATIONS"
WRITTEN_TOGETHER = 100  # as many as DynamoDB takes in one transaction


class LedgerUsage:
    """The usage of an invoice: `USAGE#<organization>` as frozen, and what was imported over it.

    `INVOICE#<key>/ORGANIZATIONS` is the list that a freeze of several invocations works through.
    `INVOICE#<key>/VERSION` names the current version, `IMPORT#<version>#<organization>` holds it.
    """

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def version(self, key: str) -> int:
        """The number of the current version, 0 where nothing was imported."""
        item = self._table.get(f"INVOICE#{key}", VERSION)
        return int(item["number"]) if item else 0

    def listed(self, key: str) -> tuple[Organization, ...]:
        """The organizations whose usage is being frozen, as an earlier planner read them."""
        listed = large_values.kept(self._table, (f"INVOICE#{key}", ORGANIZATIONS), "listed")
        return from_item(tuple[Organization, ...], listed or ())

    def keep_listed(self, key: str, organizations: tuple[Organization, ...]) -> None:
        """Keep the list for the next planner, unless another one was faster."""
        listed = [to_item(organization) for organization in organizations]
        large_values.keep(self._table, (f"INVOICE#{key}", ORGANIZATIONS), "listed", listed)

    def of(self, key: str, *, version: int | None = None) -> tuple[OrganizationUsage, ...]:
        """All usage of the invoice, by organization id, in this version or the current one.

        Version 0 is the usage as it was frozen.
        """
        number = self.version(key) if version is None else version
        imported = self._items(key, import_prefix(number)) if number else ()
        return effective_usage(self._items(key, "USAGE#"), imported)

    def save(
        self,
        key: str,
        usage: Iterable[OrganizationUsage],
        *,
        over: Mapping[int, OrganizationUsage],
    ) -> None:
        """Freeze each organization's usage where none is, or still the one of `over`.

        What another planner froze meanwhile stays.
        """
        changes = [_usage_change(key, one, over.get(one.organization_id)) for one in usage]
        for first in range(0, len(changes), WRITTEN_TOGETHER):
            together = changes[first : first + WRITTEN_TOGETHER]
            if not self._table.write(*together) and len(together) > 1:
                for change in together:
                    self._table.write(change)

    def _items(self, key: str, prefix: str) -> tuple[OrganizationUsage, ...]:
        items = self._table.query(f"INVOICE#{key}", prefix)
        return tuple(from_item(OrganizationUsage, item) for item in items)


def _usage_change(key: str, usage: OrganizationUsage, was: OrganizationUsage | None) -> Change:
    return Change(
        f"INVOICE#{key}",
        f"USAGE#{usage.organization_id}",
        put=to_item(usage),
        when={"read_at": to_item(was)["read_at"]} if was else {},
        absent=() if was else ("pk",),  # guard: usage-frozen-once
    )


def import_prefix(number: int) -> str:
    """What the keys of a version's organizations begin with."""
    return f"IMPORT#{number:06d}#"
