"""An invoice as a document of plain values: done or open, its units, and who it waits for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState, counts
from billing_sync.domain.plan.plan import RemainderKind
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.report.document import Document, headline
from billing_sync.domain.report.findings import finding_document, sum_document
from billing_sync.domain.report.next_steps import ENDING, may_be_released
from billing_sync.domain.report.steps import Step
from billing_sync.domain.runs.run import Run, releases
from billing_sync.domain.statement.billing_status import Finding, StatusSum, status_sums
from billing_sync.domain.statement.statement import Line, Statement
from billing_sync.domain.wording import PRICES, counted, utc_time


@dataclass(frozen=True, slots=True)
class InvoiceStatement:
    """An invoice with its statement, its writing runs in their order, and its findings."""

    record: InvoiceRecord
    statement: Statement
    runs: tuple[Run, ...]
    findings: tuple[Finding, ...]

    @property
    def waiting(self) -> tuple[Finding, ...]:
        """The findings that somebody has to do something about, largest money first."""
        return tuple(finding for finding in self.findings if not finding.settled)

    @property
    def done(self) -> bool:
        """Whether every unit is known and billed correctly, excluded or accepted as is."""
        return bool(self.runs) and not self.waiting and not any(run.open for run in self.runs)

    @property
    def state(self) -> str:
        """`done`, `open`, or why nothing is to be done for it."""
        if self.record.voided:
            return "voided"
        if not counts(self.record.invoice):
            return "not billed"
        if not self.runs and self.record.state is InvoiceState.BASELINE:
            return "not synced"
        return "done" if self.done else "open"

    @property
    def result(self) -> str:
        """`OPEN: 18 of 324 units wait, in 3 rows`: the answer, before anything else."""
        name = f"invoice {self.record.invoice.id}"
        units = sum(total.usage for total in self.statement.tie_out)
        running = next((run for run in self.runs if run.open), None)
        if self.state in ("voided", "not billed", "not synced"):
            return f"{self.state.upper()}: {name}, {self.record.reason}"
        if running:
            return f"OPEN: {name}, run {running.id} is {running.status}"
        if not self.runs:
            return f"OPEN: {name}, no run has planned it yet: {self.record.reason}"
        if self.done:
            return f"DONE: {name}, all {counted(units, 'unit')} accounted for"
        waiting = sum(finding.all_units for finding in self.waiting)
        unknown = self.statement.unknown
        more = f" and {counted(unknown, 'unknown count')}" if unknown else ""
        rows = counted(len(self.waiting), "finding")
        return f"OPEN: {name}, {waiting} of {counted(units, 'unit')}{more} in {rows} to review"


def invoice_document(invoice: InvoiceStatement, *, now: datetime, most: int | None) -> Document:
    """One invoice; `most` shortens the list of what waits."""
    record, waiting = invoice.record, invoice.waiting
    shown = waiting if most is None else waiting[:most]
    return {
        **invoice_line(invoice),
        "read_at": utc_time(record.frozen_at),
        "prices": PRICES,
        "usage": {
            total.product.value: {"used": total.usage, "unknown": total.unknown, **total.ended}
            for total in invoice.statement.tie_out
        },
        "statuses": {total.status.value: sum_document(total) for total in _sums(invoice)},
        "waits_for": [finding_document(finding, status_as="status") for finding in shown],
        "waits_for_not_shown": len(waiting) - len(shown),
        "runs": [_run_line(run) for run in invoice.runs],
        "next": [step.as_values() for step in next_steps(invoice, now=now)],
    }


def invoices_document(invoices: Sequence[InvoiceStatement]) -> Document:
    """The invoices, newest first, a line each."""
    opened = sum(invoice.state == "open" for invoice in invoices)
    some = f"{counted(len(invoices), 'invoice')}, newest first: {opened} open"
    named = invoices[0].record.invoice.id if invoices else "<invoice id>"
    return {
        "result": some if invoices else "no invoice was seen yet",
        "invoices": [invoice_line(invoice) for invoice in invoices],
        "next": [Step("Look at one with", {"action": "invoices", "invoice_id": named}).as_values()],
    }


def invoice_line(invoice: InvoiceStatement) -> Document:
    """One line of the list of invoices."""
    record = invoice.record
    return {
        "result": invoice.result,
        "invoice_id": record.invoice.id,
        "source": record.invoice.source.value,
        "created_at": utc_time(record.invoice.created_at),
        "plan": record.invoice.plan,
        "state": invoice.state,
        "units": sum(total.usage for total in invoice.statement.tie_out),
        "unknown": invoice.statement.unknown,
        "to_review": len(invoice.waiting),
    }


def next_steps(invoice: InvoiceStatement, *, now: datetime) -> list[Step]:
    """What can be done for it now; nothing that is done or would be refused."""
    running = [run for run in invoice.runs if run.open]
    if running:
        return [Step("Follow the run with", {"action": "show", "run_id": running[-1].id})]
    steps: list[Step] = []
    by_id = {run.id: run for run in invoice.runs}
    held = _by_run(line for line in invoice.statement.lines if _releasable(line))
    expired = False
    for run_id, lines in held.items():
        run = by_id[run_id]
        if not may_be_released(run, now):
            expired = True
            continue
        for rows, event in releases(run, (line.row for line in lines)):
            held_rows = f"{counted(len(rows), 'held row')} of run {run.id}"
            do = f"Release {held_rows} with"
            steps.append(Step(f"{ENDING} ({held_rows})" if "reasons" in event else do, event))
    if invoice.statement.not_planned or expired:
        steps.append(Step("Plan what is not planned or too old to be released with", {}))
    blocked = [line for line in invoice.statement.lines if line.row.outcome is Outcome.BLOCKED]
    if any(line.declined is None for line in blocked):
        steps.append(Step("Fix what each blocked row says, then sync again with", {}))
    if any(rest.kind is not RemainderKind.EXCLUDED for rest in invoice.statement.remainders):
        steps.append(Step("Map or exclude organizations that are not billed, then sync with", {}))
    return steps


def _releasable(line: Line) -> bool:
    waits = line.row.outcome is Outcome.HELD and line.row.target is not None
    return waits and not line.undone_by and line.declined is None


def _by_run(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.planned_by, []).append(line)
    return found


def _sums(invoice: InvoiceStatement) -> list[StatusSum]:
    sums = status_sums(invoice.findings, invoice.statement.tie_out)
    return [total for total in sums if total.findings]


def _run_line(run: Run) -> Document:
    return {
        "run_id": run.id,
        "mode": run.request.mode.value,
        "of_run": run.request.source_run_id,
        "result": headline(run),
        "requested_by": "the invoice" if run.automatic else f"{run.request.by} (as stated)",
        "planned_at": utc_time(run.planned_at),
        "closed_at": utc_time(run.closed_at),
    }
