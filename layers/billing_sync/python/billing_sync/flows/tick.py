"""One beat of the schedule: look at Huntress, move on what stands still, tell what is due."""

from dataclasses import dataclass

from billing_sync.domain.errors import BillingSyncError
from billing_sync.flows.apply.drift import DriftWatch
from billing_sync.flows.apply.sweep import Sweep
from billing_sync.flows.invoices.voided import VoidedWatch
from billing_sync.flows.invoices.watch import Look, Watch
from billing_sync.flows.report.audience import Repeats
from billing_sync.flows.report.reminders import ReminderWatch


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a beat did; `trouble` says why Huntress could not be looked at, "" when it was."""

    look: Look
    trouble: str
    swept: tuple[str, ...]

    def __str__(self) -> str:
        look = self.look
        seen = self.trouble or look.idle or f"{look.seen} invoices seen, {len(look.put)} put"
        return "; ".join((seen, *self.swept))

    @property
    def metrics(self) -> dict[str, int]:
        """What the stack's alarms look at; "looked" also when there is deliberately nothing yet."""
        look = self.look
        return {
            "Looked": 0 if self.trouble else 1,
            "InvoiceWaitingTooLong": len(look.waiting_too_long),
            "DaysSinceCountedInvoice": look.since_counted.days if look.since_counted else 0,
        }


@dataclass(frozen=True, slots=True)
class Tick:
    """A failed look never keeps the sweep from its work, nor the sweep the look for drift."""

    watch: Watch
    sweep: Sweep
    drift: DriftWatch
    voided: VoidedWatch
    reminders: ReminderWatch
    repeats: Repeats

    def tick(self) -> Ticked:
        """Look, then sweep, then look again at what was written and what people are to know."""
        trouble = ""
        try:
            look = self.watch.look()
        except BillingSyncError as error:
            look, trouble = Look(), str(error)
        swept = (*self.sweep.sweep(), *self.drift.look())
        self.repeats.look()
        return Ticked(look, trouble, (*swept, *self.voided.look(), *self.reminders.look()))
