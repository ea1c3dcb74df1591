"""How far a run is, as the ledger has it."""

from dataclasses import dataclass

from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.domain.runs.run import Run, Status


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows to write, how many of them are done, and the companies with work left."""

    run_id: str
    status: Status
    rows_done: int = 0
    rows: int = 0
    companies_left: int = 0
    why: str = ""


def progress_of(run: Run, runs: LedgerRuns) -> Progress:
    """The progress of a run; `why` it waits."""
    if run.status in (Status.REQUESTED, Status.PLANNING):
        return Progress(run.id, run.status)
    work = [state for state in runs.rows(run) if state.planned_write]
    return Progress(
        run.id,
        run.status,
        rows_done=sum(state.done for state in work),
        rows=len(work),
        companies_left=len(runs.open_companies(run)),
        why=run.pause_reason if run.status is Status.PAUSED else "",
    )
