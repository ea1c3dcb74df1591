"""The invoices we have seen, in the ledger."""

from datetime import datetime

from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.invoices.lifecycle import InvoiceRecord

INVOICES = "INVOICES"
WATCH = ("WATCH", "STATE")


class LedgerInvoices:
    """`INVOICES/<source>#<id>` and when we last looked."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def looked_before(self) -> bool:
        """Whether a look at Huntress was ever completed."""
        return self._table.get(*WATCH) is not None

    def mark_looked(self, at: datetime) -> None:
        """Remember that every invoice of this look is recorded."""
        self._table.write(Change(*WATCH, set={"looked_at": at.isoformat()}))

    def all(self) -> tuple[InvoiceRecord, ...]:
        """Every invoice ever seen."""
        return tuple(from_item(InvoiceRecord, item) for item in self._table.query(INVOICES))

    def get(self, key: str) -> InvoiceRecord | None:
        """One invoice by its key, or None."""
        item = self._table.get(INVOICES, key)
        return from_item(InvoiceRecord, item) if item else None

    def save(self, record: InvoiceRecord, *, previous: InvoiceRecord | None) -> bool:
        """Replace `previous`; False when somebody else changed it meanwhile."""
        return self._table.write(invoice_change(record, previous=previous))

    def voided_announced(self, record: InvoiceRecord, *, at: datetime) -> None:
        """Remember that people were notified: a mark on the item, which another may change."""
        announced = {"voided_announced_at": at.isoformat()}
        when = {"run_id": record.run_id}
        self._table.write(Change(INVOICES, record.key, set=announced, when=when))


def invoice_change(record: InvoiceRecord, *, previous: InvoiceRecord | None) -> Change:
    """The write of a record, on the condition that it still is as `previous` says."""
    item = to_item(record)
    if previous is None:
        return Change(INVOICES, record.key, put=item, absent=("pk",))
    was = to_item(previous)
    guards = (
        "invoice",  # guard: invoice-as-planned
        *("state", "puts", "run_id", "attempt_run_id"),  # guard: one-attempt
        *("frozen_at", "voided_announced_at"),
        "lease_owner",  # guard: lease-taken-once
    )
    return Change(INVOICES, record.key, put=item, when={name: was[name] for name in guards})
