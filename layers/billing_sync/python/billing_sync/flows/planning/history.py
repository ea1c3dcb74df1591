"""What came before a run: the cycle it is compared with, and invoices that bill the same usage."""

from dataclasses import dataclass

from billing_sync.domain.config.settings import Settings
from billing_sync.domain.invoices.lifecycle import invoice_key, second_billing_event
from billing_sync.domain.invoices.product_scope import overlap, products_of
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.runs.earlier import last_cycles
from billing_sync.domain.runs.run import Mode, Run
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import Product
from billing_sync.flows.ports import Invoices, Runs

RUNS_LOOKED_BACK = 50


@dataclass(frozen=True, slots=True)
class Before:
    """`totals` are the last cycle's units by product; the others are as in `PlanInputs`."""

    totals: dict[Product, int]
    last_cycle: LastCycle
    second_event: str
    counted_for: Invoice | None


@dataclass(frozen=True, slots=True)
class History:
    """Reads what the guards compare with from the ledger."""

    runs: Runs
    invoices: Invoices

    def of(self, run: Run, settings: Settings) -> Before:
        """What came before this run; nothing for one without an invoice."""
        if run.invoice is None:
            return Before({}, LastCycle(), "", None)
        cycles = last_cycles(self._syncs_before(run.invoice), products_of(run.invoice, settings))
        last_cycle = [other for runs in cycles for other in runs]
        return Before(
            totals={
                sums.product: sums.usage for runs in reversed(cycles) for sums in runs[0].tie_out
            },
            last_cycle=LastCycle.of(self.runs.rows(other) for other in reversed(last_cycle)),
            second_event=self._second_event(run.invoice, settings),
            counted_for=self._counted_for(run.invoice),
        )

    def _syncs_before(self, invoice: Invoice) -> tuple[Run, ...]:
        """The syncs of all companies over other invoices, newest first."""
        return tuple(
            other
            for other in self.runs.newest(RUNS_LOOKED_BACK)
            if other.request.mode is Mode.SYNC
            and not other.request.companies
            and other.tie_out
            and other.invoice
            and other.invoice.id != invoice.id
        )

    def _second_event(self, invoice: Invoice, settings: Settings) -> str:
        """Why it is not the billing event of its cycle; one of other products is another event."""
        ours = products_of(invoice, settings)
        same = [
            record
            for record in self.invoices.all()
            if overlap(ours, products_of(record.invoice, settings))  # guard: other-products
        ]
        return second_billing_event(invoice, tuple(same))

    def _counted_for(self, invoice: Invoice) -> Invoice | None:
        """The voided invoice whose counts this one took over."""
        record = self.invoices.get(invoice_key(invoice))
        voided = self.invoices.get(record.counts_of) if record and record.counts_of else None
        return voided.invoice if voided else None
