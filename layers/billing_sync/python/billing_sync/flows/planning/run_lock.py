"""One run writes at a time, and in the order of their numbers: a run takes its turn, or is told."""

from billing_sync.domain.errors import Blocked
from billing_sync.domain.runs.run import Run
from billing_sync.flows.ports import Clock, Runs


def take_turn(runs: Runs, run: Run, clock: Clock) -> Run:
    """Begin planning; the run as it then stands. Raises `Blocked` when it is not its turn.

    A writing run older than one that was planned already is refused, because numbers order what
    was written. Nobody can overtake it after that: it holds `RUN/ACTIVE`.
    """
    if not runs.begin(run, at=clock()):
        raise Blocked(f"run {runs.active()} is writing; try again when show says closed")
    begun = runs.get(run.id)
    assert begun is not None
    newer = [other.id for other in runs.since(run.sequence) if other.applied]
    if newer and run.request.mode.writes:  # guard: newest-request-first
        raise Blocked(f"run {newer[-1]} was asked for later and planned before; ask again")
    return begun
