"""Closing a run: once, when no company has work left, with the totals as they ended."""

from dataclasses import dataclass

from billing_sync.domain.event_types import FINISHED
from billing_sync.domain.runs.close import closed
from billing_sync.domain.runs.run import Run, Status
from billing_sync.flows.ports import Bus, Clock, Runs


@dataclass(frozen=True, slots=True)
class Closer:
    """Every way out of a company, the planner and the sweep all end here."""

    runs: Runs
    bus: Bus
    clock: Clock

    def close_if_done(self, run_id: str) -> Run | None:
        """Close the run when no marker is left; the closed run, or None when it is not our turn."""
        run = self.runs.get(run_id)
        if run is None or run.status not in (Status.APPLYING, Status.ENDING):
            return None
        if self.runs.any_open(run):  # guard: close-when-done
            return None
        states = self.runs.rows(run)
        if not all(state.done for state in states):  # guard: no-open-row-at-close
            return None
        ended = closed(run, states, self.runs.remainders(run), at=self.clock())
        if not self.runs.close(ended, was=run):
            return None
        self.announce(ended)
        return ended

    def announce(self, run: Run) -> None:
        """Tell the bus; the sweep tells it again until the report is marked announced."""
        self.bus.put(FINISHED, {"run_id": run.id})
