"""The result of a run: rows by outcome, tie-out, verdicts, and how it ended."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.errors import Fatal
from billing_sync.domain.plan.plan import Remainder, RemainderKind, Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.plan.tie_out import where_units_ended
from billing_sync.domain.runs.reminders import first_reminder
from billing_sync.domain.runs.run import Run, Status, verdict_of
from billing_sync.domain.statement.billing_status import BillingStatus, findings, status_sums


def counted(rows: Iterable[Row]) -> dict[str, int]:
    """The number of rows by outcome."""
    return dict(sorted(Counter(row.outcome.value for row in rows).items()))


def closed(
    run: Run, states: Iterable[RowState], remainders: Iterable[Remainder], *, at: datetime
) -> Run:
    """The closed run; one that closes straight from planning wrote nothing.

    Raises `Fatal` when units went missing between plan and end (a bug).
    """
    states, remainders = tuple(states), tuple(remainders)
    rows = [state.row for state in states]
    ended = where_units_ended(rows, remainders)
    tie_out = tuple(replace(t, ended=ended.get(t.product, {})) for t in run.tie_out)
    for total in tie_out:
        if sum(total.ended.values()) != total.usage:
            raise Fatal(
                f"run {run.id} does not add up for {total.product}: {total.usage} units were used,"
                f" {total.ended} ended somewhere. Please report this."
            )
    outcomes = counted(rows)
    found = findings(rows, remainders)
    unbilled = (
        bool(run.warnings)
        or any(f.status is BillingStatus.NOT_CHARGED for f in found)
        or any(r.kind is RemainderKind.UNMAPPED for r in remainders)
    )
    return replace(
        run,
        status=Status.CLOSED,
        tie_out=tie_out,
        statuses=status_sums(found, tie_out),
        outcomes=outcomes,
        wrote=0 if run.status is Status.PLANNING else outcomes.get(Outcome.UPDATED, 0),
        verdict=run.ending
        or verdict_of(outcomes, run.coverage, run.request.mode, unbilled=unbilled),
        closed_at=at,
        remind_at=first_reminder(run, states),
    )
