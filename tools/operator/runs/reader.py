"""Runs as the ledger has them, read by the product's own adapters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from billing_sync.adapters.ledger.drifts import LedgerDrifts
from billing_sync.adapters.ledger.invoices import LedgerUsage
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.adapters.ledger.unmatched import LedgerStrays
from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.hash import plan_hash
from billing_sync.domain.report.document import tell
from billing_sync.domain.runs.run import Run
from billing_sync.flows.planning.copied_rows import is_free
from billing_sync.flows.planning.release import releasable
from billing_sync.flows.report.load_forecast import StoredForecasts
from tools.operator.errors import Refused
from tools.operator.stack import Stack

RunDocument = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunBook:
    """Reads a stack's runs; changes nothing."""

    runs: LedgerRuns
    drifts: LedgerDrifts
    strays: LedgerStrays
    forecasts: StoredForecasts

    @classmethod
    def of(cls, stack: Stack) -> "RunBook":
        """The runs of this stack."""
        table = LedgerTable(stack.table("LedgerTable"))
        usage = StoredForecasts(LedgerUsage(table))
        return cls(LedgerRuns(table), LedgerDrifts(table), LedgerStrays(table), usage)

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
        rows, remainders = self.runs.rows(run), self.runs.remainders(run)
        forecast = self.forecasts.of(run, rows, remainders)
        drifts, strays = self.drifts.of(run), self.strays.of(run)
        return tell(run, rows, remainders, drifts, strays, forecast=forecast)

    def to_release(self, run: Run, companies: Iterable[int] | None) -> tuple[list[RowState], str]:
        """The rows that a release of this run would write, and the hash of the plan they are of."""
        states, chosen = self.runs.rows(run), frozenset(companies or ())
        waiting = [
            state
            for state in states
            if releasable(state, run)
            and is_free(state, taker="", runs=self.runs)
            and (not chosen or state.row.company_id in chosen)
        ]
        planned = tuple(state.planned for state in states)
        return waiting, plan_hash(planned, run_id=run.id, invoice=run.about)
