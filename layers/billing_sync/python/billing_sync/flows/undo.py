"""Undoing a run: a run of its own that sets back what was written, where it still stands."""

from dataclasses import dataclass, replace

from billing_sync.domain.applying import RowState
from billing_sync.domain.errors import Blocked
from billing_sync.domain.plan import Outcome, Reason, Row
from billing_sync.domain.quantity import plain
from billing_sync.domain.run import Run
from billing_sync.flows.copying import Copying


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
        if not source.wrote:
            raise Blocked(f"run {source.id} wrote nothing, so there is nothing to undo")
        return self.copying.copy(
            run, source, settings, fits=_written, copied=lambda row: undone(row, by_undoing=source)
        )


def _written(state: RowState) -> bool:
    return state.row.outcome is Outcome.UPDATED


def undone(row: Row, *, by_undoing: Run) -> Row:
    """The row back to what stood before it was written; it speaks of no usage.

    The change is worth what the write was worth, with the other sign.
    """
    return replace(
        row,
        parts=tuple(replace(part, sources=()) for part in row.parts),
        outcome=Outcome.UPDATED,
        reason=Reason.NONE,
        message=f"undo of run {by_undoing.id}, which wrote {plain(row.target)}",
        arithmetic=f"as before run {by_undoing.id}",
        before=row.target,
        target=row.before,
        money=None if row.money is None else -row.money,
    )
