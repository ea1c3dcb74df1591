"""One run writes at a time: it takes the next turn, or is refused."""

from billing_sync.domain.errors import Blocked
from billing_sync.domain.runs.run import Run, Status
from billing_sync.flows.ports import Clock, Runs


def take_turn(runs: Runs, run: Run, clock: Clock) -> Run:
    """Begin planning; the run as it then stands. Raises `Blocked` while another one is writing."""
    begun = runs.begin(run, at=clock())
    current = runs.get(run.id)
    assert current is not None
    if current.status not in (Status.REQUESTED, Status.PLANNING):
        raise Blocked(f"run {run.id} is {current.status}; there is nothing to plan")
    if not begun:
        raise Blocked(f"run {runs.active()} is writing; try again when show says closed")
    return current
