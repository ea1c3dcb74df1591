"""An attempt at a run: going on where the ledger says, refusing, and remembering that it moved."""

from dataclasses import dataclass, replace

from billing_sync.domain.runs.run import Run, Status, Verdict
from billing_sync.flows.apply.close_run import Closer
from billing_sync.flows.apply.dispatch import Dispatch
from billing_sync.flows.apply.end_early import WindUp
from billing_sync.flows.ports import Clock, Runs


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an invoice's own runs and requested ones have in common; safe to repeat."""

    runs: Runs
    dispatch: Dispatch
    closer: Closer
    wind_up: WindUp
    clock: Clock

    def resume(self, run_id: str) -> str:
        """Go on with a run that was planned already; what it came to."""
        run = self.runs.get(run_id)
        if run and run.status is Status.ENDING:
            self.wind_up.run(run)
            run = self.runs.get(run_id)
        if run and run.status is Status.APPLYING:
            self.dispatch.unsent(run)
            run = self.closer.close_if_done(run_id) or run
        return summary(run) if run else f"there is no run {run_id}"

    def moved(self, run_id: str) -> None:
        """Remember that the run goes on, so that the sweep leaves it alone."""
        run = self.runs.get(run_id)
        if run:
            self.runs.change(replace(run, progress_at=self.clock()), was=run)

    def give_back(self, run_id: str, why: str) -> None:
        """Let a run that could not be planned wait, and others write, until it is tried again."""
        run = self.runs.get(run_id)
        if run and run.status in (Status.REQUESTED, Status.PLANNING):
            waiting = replace(run, status=Status.REQUESTED, note=why, progress_at=self.clock())
            self.runs.give_back(waiting, was=run)

    def refuse(self, run_id: str, why: str) -> str:
        """Close a run that could not start; there is nothing to announce."""
        run = self.runs.get(run_id)
        if run and run.status in (Status.REQUESTED, Status.PLANNING):
            refused = replace(
                run,
                status=Status.CLOSED,
                verdict=Verdict.REFUSED,
                note=why,
                closed_at=self.clock(),
                announced_at=self.clock(),
            )
            self.runs.close(refused, was=run)
        return f"run {run_id} refused: {why}"


def summary(run: Run) -> str:
    """`run 000012-sync: complete, {'updated': 3}`, for the log."""
    return f"run {run.id}: {run.verdict or run.status}, {run.outcomes}"
