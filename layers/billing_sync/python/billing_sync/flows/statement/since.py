"""What became of a run's rows since: released, undone, declined or planned by a newer run."""

from collections.abc import Iterable, Mapping, Sequence
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

    def of(self, run: Run, states: Sequence[RowState]) -> Mapping[RowKey, str]:
        """`released by 000021-release`, `superseded by 000030-sync`, for each row with such news.

        A row that is settled is superseded by nobody: what it did is done.
        """
        planned_by: Mapping[int, str] | None = None
        taken_by = {copied_by: self._taken(copied_by) for copied_by in _takers(states)}
        found: dict[RowKey, str] = {}
        decided = {
            (decision.company_id, decision.key): f"declined by {decision.by}: {decision.reason}"
            for decision in self.statements.book.decisions(run.id)
        }
        for state in states:
            row = state.row
            news = decided.get((row.company_id, row.key), "") or taken_by[state.copied_by]
            if not news and (not run.applied or row.outcome not in SETTLED):
                planned_by = self._newer_plans(run) if planned_by is None else planned_by
                news = planned_by.get(row.company_id, "")
            if news:
                found[row.company_id, row.key] = news
        return found

    def _taken(self, copied_by: str) -> str:
        taker = self.runs.get(copied_by) if copied_by else None
        if taker is None or not taker.keeps_rows:
            return ""
        did = "released" if taker.request.mode is Mode.RELEASE else "undone"
        return f"{did} by {taker.id}"

    def _newer_plans(self, run: Run) -> Mapping[int, str]:
        """By company the newest later sync that planned it, over this or a later invoice."""
        records = self.invoices.all()
        since = run.invoice.created_at if run.invoice else run.requested_at
        later = [record.key for record in records if record.invoice.created_at >= since]
        syncs = {
            other.id: other
            for key in later
            for other in self.statements.writing_runs(key)
            if other.request.mode is Mode.SYNC and other.turn > run.after_turn
        }
        return {
            state.row.company_id: f"superseded by {sync.id}"
            for sync in sorted(syncs.values(), key=lambda other: other.turn)
            for state in self.runs.rows(sync)
        }


def _takers(states: Iterable[RowState]) -> frozenset[str]:
    """The runs that took a row, "" among them."""
    return frozenset(state.copied_by for state in states)
