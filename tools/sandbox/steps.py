"""What happens in a sandbox between an operator's acts: runs appear, go on, close, are reported."""

from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Mode, Run, Verdict
from tools.sandbox.deploy import WATCH_MINUTES
from tools.sandbox.stack import DeployedStack
from tools.sandbox.waiting import wait_for

REPORT_FILES = frozenset({"report.html", "run.json", "rows.csv"})


def automatic_run(stack: DeployedStack, invoice_id: int) -> Run:
    """The run that the schedule starts for this invoice by itself, once it is there."""
    seconds = WATCH_MINUTES * 60 + 60

    def look() -> Run | None:
        runs = stack.runs.newest(5)
        return next((run for run in runs if _is_automatic(run, invoice_id)), None)

    return wait_for(f"a run of invoice {invoice_id}", look, seconds=seconds)


def _is_automatic(run: Run, invoice_id: int) -> bool:
    takes_it = run.invoice is not None and run.invoice.id == invoice_id
    return takes_it and run.request.mode is Mode.SYNC and run.verdict is not Verdict.REFUSED


def closed_run(stack: DeployedStack, run_id: str) -> Run:
    """The run once it is closed."""

    def look() -> Run | None:
        run = stack.runs.get(run_id)
        return None if run is None or run.open else run

    return wait_for(f"run {run_id} to close", look, seconds=180)


def held_additions_of(stack: DeployedStack, run: Run, company_id: int) -> frozenset[int]:
    """What a release of this company would let go."""
    rows = [state.row for state in stack.runs.rows(run, company_id)]
    held = [row.addition_id for row in rows if row.outcome is Outcome.HELD]
    return frozenset(filter(None, held))


def report_files(stack: DeployedStack, run_id: str) -> dict[str, bytes]:
    """The files of a run's report by name, once all of them are in the bucket."""

    def look() -> dict[str, bytes] | None:
        files = {key.rpartition("/")[2]: body for key, body in stack.report(run_id).items()}
        return files if files.keys() >= REPORT_FILES else None

    return wait_for(f"the report of run {run_id}", look, seconds=60)
