"""Versions of an invoice's usage that people imported, in the ledger; only the operator writes."""

from collections.abc import Iterable

from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.runs import ACTIVE
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.adapters.ledger.usage import VERSION, import_prefix
from billing_sync.domain.usage.imports import UsageImport
from billing_sync.domain.vendors.usage import OrganizationUsage


class LedgerImports:
    """`INVOICE#<key>/VERSION#<number>`: where each version comes from. Nothing is ever replaced."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def all(self, key: str) -> tuple[UsageImport, ...]:
        """Every version, newest first."""
        items = self._table.query(f"INVOICE#{key}", f"{VERSION}#", newest_first=True)
        return tuple(from_item(UsageImport, item) for item in items)

    def next_number(self, key: str) -> int:
        """A number that no other import has; that of one which never finished stays unused."""
        return self._table.next_number(f"{VERSION}#{key}")

    def save(
        self,
        key: str,
        made: UsageImport,
        usage: Iterable[OrganizationUsage],
        *,
        active: str | None,
    ) -> bool:
        """Write the version down, then put it in force in one write: nobody reads half of one.

        False, and nothing is in force but what was, when `made.previous` no longer is the version
        in force, or when another run than `active` is writing by now.
        """
        pk = f"INVOICE#{key}"
        prefix = import_prefix(made.number)
        self._table.put_all(
            {"pk": pk, "sk": f"{prefix}{one.organization_id}", **to_item(one)} for one in usage
        )
        first = made.previous == 0
        return self._table.write(
            Change(
                pk,
                VERSION,
                put={"number": made.number},
                when={} if first else {"number": made.previous},  # guard: next-import
                absent=("pk",) if first else (),  # guard: first-import
            ),
            Change(pk, f"{VERSION}#{made.number:06d}", put=to_item(made), absent=("pk",)),
            Change(*ACTIVE, when={"run_id": active})  # guard: no-import-during-run
            if active
            else Change(*ACTIVE, absent=("pk",)),
        )
