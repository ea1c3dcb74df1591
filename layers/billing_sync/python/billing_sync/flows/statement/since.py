"""What became of a run's rows since: released, undone, declined or planned by a newer run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Mode, Run
from billing_sync.flows.ports import Invoices, Runs
from billing_sync.flows.statement.read import Statements

RowKey = tuple[int, str]  # company id, and the row's key within it
SETTLED = frozenset({Outcome.UPDATED, Outcome.UNCHANGED, Outcome.EXCLUDED})


@dataclass(frozen=True, slots=True)
class Since:
    """Reads what newer runs did to the rows of one run."""

    runs: Runs
    invoices: Invoices
    statements: Statements

    def of(self, run: Run, states: Iterable[RowState]) -> Mapping[RowKey, str]:
        """`released by 000021-release`, `superseded by 000030-sync`, for each row with such news.

        A row that is settled is superseded by nobody: what it did is done.
        """
        newer: tuple[Run, ...] | None = None
        found: dict[RowKey, str] = {}
        decided = {
            (decision.company_id, decision.key): f"declined by {decision.by}: {decision.reason}"
            for decision in self.statements.book.decisions(run.id)
        }
        for state in states:
            row = state.row
            news = decided.get((row.company_id, row.key), "") or self._taken(state)
            if not news and (not run.applied or row.outcome not in SETTLED):
                newer = self._newer_syncs(run) if newer is None else newer
                news = self._superseded(newer, row.company_id)
            if news:
                found[row.company_id, row.key] = news
        return found

    def _taken(self, state: RowState) -> str:
        taker = self.runs.get(state.copied_by) if state.copied_by else None
        if taker is None or not taker.keeps_rows:
            return ""
        did = "released" if taker.request.mode is Mode.RELEASE else "undone"
        return f"{did} by {taker.id}"

    def _newer_syncs(self, run: Run) -> tuple[Run, ...]:
        """The writing syncs after this run over its invoice or a later one, newest first."""
        records = self.invoices.all()
        since = run.invoice.created_at if run.invoice else run.requested_at
        later = [record.key for record in records if record.invoice.created_at >= since]
        syncs = {
            other.id: other
            for key in later
            for other in self.statements.writing_runs(key)
            if other.request.mode is Mode.SYNC and other.turn > run.after_turn
        }
        return tuple(sorted(syncs.values(), key=lambda other: other.turn, reverse=True))

    def _superseded(self, newer: Iterable[Run], company_id: int) -> str:
        for run in newer:
            if self.runs.rows(run, company_id):
                return f"superseded by {run.id}"
        return ""
