"""What came before a run: the cycle it is compared with, and invoices that bill the same usage."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.invoices.cycle import (
    Cycle,
    CycleInvoice,
    annual,
    awaited,
    cycle_of,
    earlier_cycles,
    newer_cycle,
)
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, invoice_key
from billing_sync.domain.invoices.product_scope import (
    Products,
    covered_usage,
    overlap,
    products_of,
    products_of_all,
)
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.runs.run import Run
from billing_sync.domain.usage.absence import Counted
from billing_sync.domain.vendors.huntress import Invoice, InvoiceSource, Period
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage, Product
from billing_sync.flows.ports import Invoices, UsageBook
from billing_sync.flows.statement.read import Statements


@dataclass(frozen=True, slots=True)
class Before:
    """`usage` is that of the last cycle; the others are as in `PlanInputs`."""

    usage: tuple[OrganizationUsage, ...] = ()
    last_cycle: LastCycle = field(default_factory=LastCycle)
    second_event: str = ""
    annual: str = ""
    cycle: tuple[CycleInvoice, ...] = ()
    counted_for: Invoice | None = None
    undone: dict[int, str] = field(default_factory=dict)
    no_history: str = ""
    awaited: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """Reads what the guards compare with: statements, however many runs came in between."""

    invoices: Invoices
    usage: UsageBook
    statements: Statements

    def of(
        self,
        run: Run,
        settings: Settings,
        written: Callable[[Products], Iterable[Written]],
        *,
        now: datetime,
    ) -> Before:
        """What came before this run; nothing for one without an invoice.

        `written` has what we ever wrote to the additions that bill these products.
        """
        if run.invoice is None:
            return Before()
        records = tuple(r for r in self.invoices.all() if r.invoice.has_usage)
        others = tuple(self._in_cycle(cycle_of(run.invoice, records), run.invoice, settings))
        # A requested run bills the whole cycle.
        billed = [run.invoice, *(() if run.automatic else (other.invoice for other in others))]
        products = products_of_all(billed, settings)
        previous = [
            self.statements.of(key)
            for key in self._previous(run.invoice, records, settings, products)
        ]
        no_history = ""
        if not previous:  # guard: no-history-is-held
            no_history = self._written_before(run.invoice, records, written(products))
        return Before(
            usage=tuple(usage for folded in previous for usage in folded.usage),
            last_cycle=LastCycle.of(folded.statement.lines for folded in previous),
            second_event=newer_cycle(run.invoice, _overlapping(products, records, settings)),
            annual=annual(run.invoice, _period(run.invoice, records)),
            cycle=others,
            awaited=self._awaited(run.invoice, records, others, settings, now=now),
            counted_for=self._counted_for(run.invoice),
            undone=self._undone(run.invoice, records),
            no_history=no_history,
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

    def _undone(self, invoice: Invoice, records: tuple[InvoiceRecord, ...]) -> dict[int, str]:
        """The run that undid our write of this billing cycle, by addition."""
        keys = dict.fromkeys([*(r.key for r in cycle_of(invoice, records)), invoice_key(invoice)])
        return {
            addition: run for key in keys for addition, run in self.statements.undone(key).items()
        }

    def _previous(
        self,
        invoice: Invoice,
        records: tuple[InvoiceRecord, ...],
        settings: Settings,
        products: Products,
    ) -> list[str]:
        """The keys of the invoices that these products of this one's cycle are compared with.

        For each product those of the newest earlier cycle in which it was billed, oldest first.
        """
        wanted = set(products or Product)
        chosen: list[str] = []
        for cycle in reversed(earlier_cycles(invoice, records)):
            billed: set[Product] = set()
            for record in reversed(cycle):
                covered = wanted & set(products_of(record.invoice, settings) or Product)
                if covered and self.statements.has_run(record.key):  # guard: own-last-cycle
                    chosen.insert(0, record.key)
                    billed |= covered
            wanted -= billed
        return chosen

    def _awaited(
        self,
        invoice: Invoice,
        records: tuple[InvoiceRecord, ...],
        others: tuple[CycleInvoice, ...],
        settings: Settings,
        *,
        now: datetime,
    ) -> dict[str, str]:
        """Invoices of a reseller's last cycle that have no successor in this one yet."""
        same = [r for r in records if r.invoice.source is invoice.source]
        earlier = earlier_cycles(invoice, same)
        if invoice.source is not InvoiceSource.RESELLER or not earlier:
            return {}
        usage = [*self.usage.of(invoice_key(invoice)), *(u for o in others for u in o.usage)]
        return awaited(
            self._in_cycle(earlier[-1], invoice, settings),
            frozenset(u.organization_id for u in usage),
            anchor=cycle_of(invoice, same)[0].invoice.created_at,
            now=now,
        )

    def _in_cycle(
        self, cycle: Cycle, invoice: Invoice, settings: Settings
    ) -> Iterator[CycleInvoice]:
        """The frozen invoices of a cycle, this one left out."""
        for record in cycle:
            if record.key == invoice_key(invoice) or record.voided or not record.frozen_at:
                continue
            usage = self.usage.of(record.key)
            products = products_of(record.invoice, settings)
            if products:  # guard: other-products
                usage = covered_usage(usage, products)
            yield CycleInvoice(record.invoice, record.run_id, usage)

    def _written_before(
        self,
        invoice: Invoice,
        records: tuple[InvoiceRecord, ...],
        written: Iterable[Written],
    ) -> str:
        """The run over an invoice of an earlier cycle that wrote, as a message; "" for none."""
        cycle = {record.key for record in cycle_of(invoice, records)}
        for run_id in sorted({last.run_id for last in written}, reverse=True):
            run = self.statements.runs.get(run_id)
            if (
                run
                and run.invoice
                and run.about not in cycle
                and run.invoice.created_at <= invoice.created_at
            ):
                return (
                    f"run {run.id} wrote quantities for invoice {run.invoice.id}, and no statement"
                    " of an earlier billing cycle was found to compare with"
                )
        return ""

    def _counted_for(self, invoice: Invoice) -> Invoice | None:
        """The voided invoice whose counts this one took over."""
        record = self.invoices.get(invoice_key(invoice))
        voided = self.invoices.get(record.counts_of) if record and record.counts_of else None
        return voided.invoice if voided else None


def _created(record: InvoiceRecord) -> datetime:
    return record.invoice.created_at


def _is_earlier(other: Invoice, invoice: Invoice) -> bool:
    return invoice_key(other) != invoice_key(invoice) and other.created_at <= invoice.created_at


def _period(invoice: Invoice, records: Iterable[InvoiceRecord]) -> Period | None:
    return next((r.period for r in records if r.key == invoice_key(invoice)), None)


def _overlapping(
    products: Products, records: tuple[InvoiceRecord, ...], settings: Settings
) -> tuple[InvoiceRecord, ...]:
    """The invoices that bill one of these products."""
    return tuple(r for r in records if overlap(products, products_of(r.invoice, settings)))
