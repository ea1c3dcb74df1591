"""Looking at Huntress's invoices, level-triggered: every invoice is an item with a state."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing_sync.domain.errors import NotConfigured
from billing_sync.domain.event_types import INVOICE_CREATED
from billing_sync.domain.invoices.lifecycle import (
    InvoiceRecord,
    counts,
    delayed,
    first_seen,
    invoice_key,
    seen_again,
)
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.flows.ports import Bus, Clock, Config, Huntress, Invoices


@dataclass(frozen=True, slots=True)
class Look:
    """What one look saw: keys of invoices. `idle` says why it did not look at all, "" when it did.

    `since_counted` is the age of the newest invoice that counts, None when there is none.
    """

    idle: str = ""
    seen: int = 0
    new: tuple[str, ...] = ()
    put: tuple[str, ...] = ()
    waiting_too_long: tuple[str, ...] = ()
    since_counted: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Records every invoice and puts an event, again and again, for each that waits."""

    huntress: Callable[[], Huntress]
    invoices: Invoices
    config: Config
    bus: Bus
    clock: Clock

    def look(self) -> Look:
        """Read all invoices and bring the ledger up to date; raises as the client does."""
        try:
            huntress = self.huntress()
        except NotConfigured as missing:
            return Look(idle=str(missing))
        seen = huntress.invoices(huntress.actor().invoice_source)
        new = self._record(seen)
        records = self.invoices.all()
        now = self.clock()
        counted = [r.invoice.created_at for r in records if counts(r.invoice)]
        return Look(
            seen=len(seen),
            new=new,
            put=tuple(self._put_due(records)),
            waiting_too_long=tuple(r.key for r in records if r.waits_too_long(now)),
            since_counted=now - max(counted) if counted else None,
        )

    def observe(self, invoice: Invoice) -> InvoiceRecord:
        """The record of an invoice just read, written where it is new or changed."""
        previous = self.invoices.get(invoice_key(invoice))
        record = self._fresh(invoice, previous, first_look=not self.invoices.looked_before())
        if record != previous and not self.invoices.save(record, previous=previous):
            return self.observe(invoice)
        return record

    def _record(self, seen: tuple[Invoice, ...]) -> tuple[str, ...]:
        first_look = not self.invoices.looked_before()
        known = {record.key: record for record in self.invoices.all()}
        new: list[str] = []
        for invoice in seen:
            previous = known.get(invoice_key(invoice))
            record = self._fresh(invoice, previous, first_look=first_look)
            if record != previous and self.invoices.save(record, previous=previous):
                new += [record.key] if previous is None else []
        self.invoices.mark_looked(self.clock())
        return tuple(new)

    def _fresh(
        self, invoice: Invoice, previous: InvoiceRecord | None, *, first_look: bool
    ) -> InvoiceRecord:
        if previous is not None and previous.invoice == invoice:
            return previous
        now, enabled = self.clock(), self.config.sync_enabled()
        if previous is not None:
            return seen_again(previous, invoice, sync_enabled=enabled, now=now)
        return first_seen(invoice, first_look=first_look, sync_enabled=enabled, now=now)

    def _by_todays_settings(self, record: InvoiceRecord, *, now: datetime) -> InvoiceRecord:
        """A delayed invoice as the settings in force delay it; others as they are."""
        if not (record.wants_event and record.waits_for_its_day(now)):
            return record
        try:
            fresh = delayed(record, self.config.settings(), now=now)
        except NotConfigured:
            return record  # it is reported when the invoice's day has come
        changed = fresh != record and self.invoices.save(fresh, previous=record)
        return fresh if changed else record

    def _put_due(self, records: tuple[InvoiceRecord, ...]) -> list[str]:
        put: list[str] = []
        now = self.clock()
        for seen in records:
            record = self._by_todays_settings(seen, now=now)
            if not record.due(now):
                continue
            marked = replace(record, puts=record.puts + 1, put_at=now)
            if self.invoices.save(marked, previous=record):
                self.bus.put(
                    INVOICE_CREATED,
                    {"source": record.invoice.source, "invoice_id": record.invoice.id},
                )
                put.append(record.key)
        return put
