"""What came before a run: the cycle it is compared with, and invoices that bill the same usage."""

from dataclasses import dataclass, field
from datetime import datetime

from billing_sync.domain.config.settings import Settings
from billing_sync.domain.invoices.lifecycle import (
    InvoiceRecord,
    invoice_key,
    second_billing_event,
)
from billing_sync.domain.invoices.product_scope import covered_usage, overlap, products_of
from billing_sync.domain.planning.make_plan import totals
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.runs.run import Run
from billing_sync.domain.usage.absence import Counted
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import Cell, Product
from billing_sync.flows.ports import Invoices, UsageBook
from billing_sync.flows.statement.read import Statements


@dataclass(frozen=True, slots=True)
class Before:
    """`totals` are the last cycle's units by product; the others are as in `PlanInputs`."""

    totals: dict[Product, int] = field(default_factory=dict)
    last_cycle: LastCycle = field(default_factory=LastCycle)
    second_event: str = ""
    counted_for: Invoice | None = None
    undone: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """Reads what the guards compare with: statements, however many runs came in between."""

    invoices: Invoices
    usage: UsageBook
    statements: Statements

    def of(self, run: Run, settings: Settings) -> Before:
        """What came before this run; nothing for one without an invoice."""
        if run.invoice is None:
            return Before()
        records = self.invoices.all()
        previous = self._previous(run.invoice, records, settings)
        return Before(
            totals=self._totals(previous),
            last_cycle=LastCycle.of(self.statements.of(record).lines for record in previous),
            second_event=self._second_event(run.invoice, records, settings),
            counted_for=self._counted_for(run.invoice),
            undone=self.statements.undone(run.about),
        )

    def counted_before(
        self, invoice: Invoice | None, cells: frozenset[Cell]
    ) -> dict[Cell, Counted]:
        """The newest count of these cells for an earlier invoice, however long ago that was."""
        found: dict[Cell, Counted] = {}
        for record in sorted(self.invoices.all(), key=_created, reverse=True):
            if len(found) == len(cells):
                break
            if invoice and not _is_earlier(record.invoice, invoice):
                continue
            for usage in self.usage.of(record.key):
                for reading in usage.readings:
                    cell = (usage.organization_id, reading.product)
                    if cell in cells:
                        counted = Counted(reading, usage.organization_name, record.key)
                        found.setdefault(cell, counted)
        return found

    def _previous(
        self, invoice: Invoice, records: tuple[InvoiceRecord, ...], settings: Settings
    ) -> list[InvoiceRecord]:
        """The invoices this one is compared with, oldest first.

        For each product the newest other invoice that covers it and had a writing run.
        """
        wanted = set(products_of(invoice, settings) or Product)
        chosen: list[InvoiceRecord] = []
        for record in sorted(records, key=lambda r: r.invoice.created_at, reverse=True):
            covered = wanted & set(products_of(record.invoice, settings) or Product)
            if (
                covered  # guard: own-last-cycle
                and record.key != invoice_key(invoice)
                and record.invoice.created_at <= invoice.created_at
                and self.statements.writing_runs(record.key)
            ):
                chosen.insert(0, record)
                wanted -= covered
        return chosen

    def _totals(self, previous: list[InvoiceRecord]) -> dict[Product, int]:
        """The units of the last cycle by product, as counted."""
        sums: dict[Product, int] = {}
        for record in previous:
            runs = self.statements.writing_runs(record.key)
            usage = self.usage.of(record.key)
            sums |= totals(covered_usage(usage, runs[-1].products))
        return sums

    def _second_event(
        self, invoice: Invoice, records: tuple[InvoiceRecord, ...], settings: Settings
    ) -> str:
        """Why it is not the billing event of its cycle; one of other products is another event."""
        ours = products_of(invoice, settings)
        same = [
            record
            for record in records
            if overlap(ours, products_of(record.invoice, settings))  # guard: other-products
        ]
        return second_billing_event(invoice, tuple(same))

    def _counted_for(self, invoice: Invoice) -> Invoice | None:
        """The voided invoice whose counts this one took over."""
        record = self.invoices.get(invoice_key(invoice))
        voided = self.invoices.get(record.counts_of) if record and record.counts_of else None
        return voided.invoice if voided else None


def _created(record: InvoiceRecord) -> datetime:
    return record.invoice.created_at


def _is_earlier(other: Invoice, invoice: Invoice) -> bool:
    return invoice_key(other) != invoice_key(invoice) and other.created_at <= invoice.created_at
