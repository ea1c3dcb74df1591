"""Runs as a list: one line for each."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

from billing_sync.domain.report.document import headline
from billing_sync.domain.runs.run import Mode, Run, Verdict
from tools.operator.runs.rows_view import coloured
from tools.operator.terminal import table

COLOURS = {
    Verdict.COMPLETE: "green",
    Verdict.HELD: "yellow",
    Verdict.ATTENTION: "yellow",
    Verdict.INCOMPLETE: "red",
    Verdict.FAILED: "red",
}


def runs_table(runs: Iterable[Run], waiting: Mapping[str, int]) -> Table:
    """Newest first, as given; `waiting` are rows that wait for a person, by run id."""
    made = table(
        "Runs, times in UTC (Waits: rows held, blocked, or changed by somebody)",
        Run="left",
        When="left",
        About="fold",
        Ended="left",
        Wrote="right",
        Waits="right",
        Failed="right",
        By="fold",
    )
    for run in runs:
        made.add_row(
            run.id,
            f"{run.requested_at:%Y-%m-%d %H:%M}",
            _about(run),
            coloured(run.verdict or run.status, COLOURS),
            str(run.wrote),
            str(waiting[run.id]),
            str(run.outcomes.get("failed", 0)),
            escape(_requester(run)),
        )
    return made


def summary(run: Run, waiting: int) -> dict[str, Any]:
    """The same for programs."""
    return {
        "run_id": run.id,
        "result": headline(run),
        "requested_at": run.requested_at.isoformat(),
        "mode": run.request.mode.value,
        "about": _about(run),
        "status": run.status.value,
        "verdict": run.verdict.value if run.verdict else "",
        "invoice_id": run.invoice.id if run.invoice else None,
        "wrote": run.wrote,
        "outcomes": run.outcomes,
        "waiting": waiting,
        "plan_hash": run.plan_hash,
        "requested_by": run.request.by,
    }


def _about(run: Run) -> str:
    if run.request.source_run_id:
        undo = "undo of " if run.request.mode is Mode.PREVIEW else ""
        return f"{undo}{run.request.source_run_id}"
    if run.request.as_of_now:
        return "forecast"
    return f"invoice {run.invoice.id}" if run.invoice else "no invoice"


def _requester(run: Run) -> str:
    """The name at the end of an ARN; the schedule where an invoice started it."""
    return "schedule" if run.automatic else re.split("[/:]", run.request.by)[-1]
