"""Invoices that Huntress voids after a run billed them: reported once, with the undo."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from billing_sync.domain.errors import BillingSyncError, Blocked
from billing_sync.domain.event_types import INVOICE_VOIDED
from billing_sync.domain.invoices.lifecycle import InvoiceRecord
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Run
from billing_sync.flows.ports import Bus, Clock, Invoices, Runs
from billing_sync.flows.report.report import Notices


class VoidedInvoices(Invoices, Protocol):
    """The invoices, and the mark that a voided one was reported."""

    def voided_announced(self, record: InvoiceRecord, *, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class VoidedWatch:
    """Puts the event for every voided invoice that a run took, until it is reported."""

    invoices: Invoices
    bus: Bus

    def look(self) -> tuple[str, ...]:
        """Put what was not reported yet; what was put, as sentences."""
        put: list[str] = []
        try:
            for record in filter(_unannounced, self.invoices.all()):
                self.bus.put(INVOICE_VOIDED, {"run_id": record.run_id})
                put.append(f"{record.key} was voided after run {record.run_id}")
        except BillingSyncError as error:
            put.append(f"voided invoices: {error}")
        return tuple(put)


@dataclass(frozen=True, slots=True)
class NotifyVoided:
    """Notifies people; nothing is ever written back by itself.

    A crash between message and mark notifies them again.
    """

    runs: Runs
    invoices: VoidedInvoices
    notices: Notices
    clock: Clock

    def notify(self, run_id: str) -> str:
        """Report the voided invoice that this run took, once. Raises `Blocked` without one."""
        record = next((r for r in self.invoices.all() if r.run_id == run_id), None)
        if record is None or not record.voided:
            raise Blocked(f"run '{run_id}' took no invoice that is voided")
        if not _unannounced(record):
            return f"{record.key}: people know that it was voided"
        invoice = f"invoice {record.invoice.id} of {record.invoice.created_at:%Y-%m-%d}"
        lines = [
            f"Huntress voided {invoice} ({record.invoice.plan}) after run {run_id} had started.",
            "Nothing was set back, and nothing is unless you ask.",
            "",
            *(line for run in self._runs_over(record) for line in self._of_run(run)),
            "",
            "If Huntress issues it again, the new invoice takes over these counts, and what it"
            " would change is held.",
        ]
        subject = f"Huntress billing sync: {invoice} was voided"
        if not self.notices.send(subject, "\n".join(lines)):
            return f"{record.key}: voided; nobody receives notifications"
        self.invoices.voided_announced(record, at=self.clock())
        return f"{record.key}: voided; notification sent"

    def _runs_over(self, record: InvoiceRecord) -> list[Run]:
        """Every run that billed or may bill this invoice, newest first, as undos want it."""
        first = self.runs.get(record.run_id)
        if first is None:
            return []
        since = self.runs.since(first.turn - 1)
        return [r for r in since if r.about == record.key and r.applied and not r.request.undoes]

    def _of_run(self, run: Run) -> list[str]:
        undo = json.dumps({"action": "undo", "run_id": run.id, "by": "<your name>"})
        if run.open:
            stop = json.dumps({"action": "stop", "run_id": run.id, "by": "<your name>"})
            return [
                f"Run {run.id} is {run.status}. Stop it first: {stop}",
                f"Then set back what it wrote: {undo}",
            ]
        lines = []
        if run.outcomes.get(Outcome.HELD):
            lines.append(f"Do not release what run {run.id} holds.")
        written = [s for s in self.runs.rows(run) if s.row.outcome is Outcome.UPDATED]
        if any(not state.copied_by for state in written):
            lines.append(f"Set back what run {run.id} wrote ({len(written)} rows): {undo}")
        return lines or [f"Run {run.id} left nothing to set back."]


def _unannounced(record: InvoiceRecord) -> bool:
    return (
        bool(record.run_id)
        and record.voided
        and record.voided_announced_at is None  # guard: voided-reported-once
    )
