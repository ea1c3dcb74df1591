"""Checks after every invocation: one writer, one effect per row, outcomes that are true."""

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Run, Status, Verdict
from tests.integration.local_stack import LocalStack
from tests.reliability.invariants import check_closed
from tests.reliability.witness import Witness

MAY_WRITE = {Status.APPLYING, Status.PAUSED, Status.ENDING}
RIGHT = {Outcome.UPDATED, Outcome.UNCHANGED}


class Promises:
    """Checks everything that is new since the last check."""

    def __init__(self, stack: LocalStack, witness: Witness) -> None:
        self._stack, self._witness = stack, witness
        self._closed: set[str] = set()
        self._done: set[tuple[str, str]] = set()

    def hold(self) -> None:
        """Raise AssertionError naming the check that fails."""
        assert not self._witness.wrong, self._witness.wrong
        twice = [effect for effect, times in self._witness.effects.items() if times > 1]
        assert not twice, f"changed twice: {twice}"
        runs = [run for run in self._stack.all_runs() if run.id not in self._closed]
        self._one_writer(runs)
        for run in runs:
            for state in self._newly_done(run):
                self._ended_right(run, state)
            if not run.open:
                check_closed(self._stack, run)
                self._closed.add(run.id)

    def _one_writer(self, runs: list[Run]) -> None:
        writing = {run.id for run in runs if run.planned_at and run.status in MAY_WRITE}
        active = self._stack.runs.active()
        assert writing <= {active}, f"{writing} may write, {active} is the writing run"
        assert active is None or active in {run.id for run in runs if run.open}, f"{active} ended"

    def _newly_done(self, run: Run) -> list[RowState]:
        """The planned writes of a run that ended since the last look."""
        if not run.applied:
            return []
        states = [s for s in self._stack.runs.rows(run) if s.done and s.planned_write]
        fresh = [s for s in states if (run.id, s.row.key) not in self._done]
        self._done |= {(run.id, state.row.key) for state in fresh}
        return fresh

    def _ended_right(self, run: Run, state: RowState) -> None:
        """A row that is reported as right was seen to be right; no other row was changed."""
        row = state.row
        assert row.addition_id and row.target is not None
        ending = f"{run.id}: {row.addition_id} is {row.outcome}"
        wrote = bool(self._witness.effects[run.id, row.addition_id])
        if row.outcome in RIGHT:
            held = self._witness.seen[row.addition_id].quantity
            assert held == row.target, f"{ending}, but {held} was seen"
        else:
            assert not wrote or row.outcome is Outcome.CONFLICT, f"{ending}, but was changed"

    def kept_at_rest(self, earlier: list[str]) -> None:
        """When no work is left: no run is writing, every run is closed and was reported."""
        self.hold()
        assert self._stack.runs.active() is None
        notices = [*earlier, *self._stack.notices()]
        for run in self._stack.all_runs():
            assert not run.open and run.verdict, f"{run.id} is {run.status}"
            if run.verdict is not Verdict.REFUSED:
                assert any(run.id in notice for notice in notices), f"{run.id} was not reported"
