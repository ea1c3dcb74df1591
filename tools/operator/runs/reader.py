"""Runs as the ledger has them, read by the product's own adapters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from billing_sync.adapters.ledger.drifts import LedgerDrifts
from billing_sync.adapters.ledger.invoices import LedgerInvoices
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.statements import LedgerStatements
from billing_sync.adapters.ledger.unmatched import LedgerStrays
from billing_sync.adapters.ledger.usage import LedgerUsage
from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.hash import plan_hash
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Run
from billing_sync.flows.planning.copied_rows import is_free
from billing_sync.flows.planning.release import asked, releasable
from billing_sync.flows.report.load_document import RunDocuments
from billing_sync.flows.report.load_forecast import StoredForecasts
from billing_sync.flows.statement.invoices import InvoiceBook
from billing_sync.flows.statement.read import Statements
from billing_sync.flows.statement.since import Since
from tools.operator.errors import Refused
from tools.operator.stack import Stack

WAITING = frozenset({Outcome.HELD, Outcome.BLOCKED, Outcome.CONFLICT})
RunDocument = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunBook:
    """Reads a stack's runs; changes nothing."""

    runs: LedgerRuns
    documents: RunDocuments
    invoices: InvoiceBook

    @classmethod
    def of(cls, stack: Stack) -> "RunBook":
        """The runs of this stack."""
        table = stack.table("LedgerTable")
        runs, drifts, usage = LedgerRuns(table), LedgerDrifts(table), LedgerUsage(table)
        invoices = LedgerInvoices(table)
        statements = Statements(runs, usage, LedgerStatements(table))
        since = Since(runs, invoices, statements)
        forecasts, strays = StoredForecasts(usage), LedgerStrays(table)
        return cls(
            runs,
            RunDocuments(runs, drifts, strays, forecasts, since, lambda: datetime.now(UTC)),
            InvoiceBook(invoices, statements, drifts),
        )

    def run(self, run_id: str | None) -> Run:
        """The run, or the newest where none is named; raises `Refused` when there is none."""
        if run_id:
            run = self.runs.get(run_id)
            missing = f"RUN is '{run_id}', and there is no such run; 'billing-sync runs' lists them"
        else:
            run = next(iter(self.runs.newest(1)), None)
            missing = "there is no run yet; 'billing-sync preview' makes one that writes nothing"
        if run is None:
            raise Refused(missing)
        return run

    def document(self, run: Run) -> RunDocument:
        """The run as in its report, with every row."""
        return self.documents.of(run)

    def waiting(self, run: Run) -> int:
        """How many of its rows wait for a person and were taken by no newer run."""
        if not any(run.outcomes.get(outcome) for outcome in WAITING):
            return 0
        states = self.runs.rows(run)
        taken = self.documents.since.of(run, states)
        waiting = (s.row for s in states if s.row.outcome in WAITING)
        return sum((row.company_id, row.key) not in taken for row in waiting)

    def to_release(
        self, run: Run, companies: Iterable[int] | None, *, reasons: Iterable[str] = ()
    ) -> tuple[list[RowState], str]:
        """The rows that a release for these reasons would write, and the hash of their plan."""
        states, chosen = self.runs.rows(run), frozenset(companies or ())
        waiting = [
            state
            for state in states
            if releasable(state, run)
            and asked(state, reasons)
            and is_free(state, taker="", runs=self.runs)
            and (not chosen or state.row.company_id in chosen)
        ]
        planned = tuple(state.planned for state in states)
        return waiting, plan_hash(planned, run_id=run.id, invoice=run.about)
