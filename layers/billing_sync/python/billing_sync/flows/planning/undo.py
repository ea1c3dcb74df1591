"""Undoing a run: a run of its own that sets back what was written, where it still stands."""

from dataclasses import dataclass, replace

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.errors import Blocked
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Run
from billing_sync.domain.wording import plain
from billing_sync.flows.planning.copied_rows import Choice, Copying, Newer


@dataclass(frozen=True, slots=True)
class Undo:
    """Copies the rows that a run wrote, before and target swapped, and applies or shows them.

    Applying leaves alone what no longer holds our value. Any writing run can be undone, an undo
    too.
    """

    copying: Copying

    def undo(self, run: Run) -> Run:
        """Plan, commit and send the undo; raises `Blocked` saying why it is refused."""
        settings = self.copying.settings(run)
        source = self.copying.source(run)
        if not source.wrote:  # guard: undo-of-writes
            raise Blocked(f"run {source.id} wrote nothing, so there is nothing to undo")
        choice = Choice(
            rows="written row to undo",
            fits=_written,
            copied=lambda row: undone(row, by_undoing=source),
            overtaken=_overwritten,
            did="wrote to",
            way_out="undo that one first",
        )
        return self.copying.copy(run, source, settings, choice)


def _written(state: RowState) -> bool:
    return state.row.outcome is Outcome.UPDATED  # guard: undo-of-written-rows


def _overwritten(state: RowState, newer: Newer) -> str:
    """The newest run whose write of this addition still stands; one that was undone does not."""
    standing: list[tuple[Run, RowState]] = []
    for run, other in newer:
        if not _written(other) or other.row.addition_id != state.row.addition_id:
            continue
        if standing and standing[-1][1].copied_by == run.id:
            standing.pop()
        else:
            standing.append((run, other))
    return standing[-1][0].id if standing else ""


def undone(row: Row, *, by_undoing: Run) -> Row:
    """The row back to what stood before it was written; it has no usage.

    The change is worth what the write was worth, with the other sign. The undo of an undo writes
    again what was undone.
    """
    return replace(
        row,
        parts=tuple(replace(part, sources=()) for part in row.parts),
        outcome=Outcome.UPDATED,
        reason=Reason.NONE,
        further_reasons=(),
        message=f"undo of run {by_undoing.id}, which wrote {plain(row.target)}",
        arithmetic=f"as before run {by_undoing.id}",
        before=row.target,
        target=row.before,
        money=None if row.money is None else -row.money,
        not_charged=None,
        undoes="" if row.undoes else by_undoing.id,
    )
