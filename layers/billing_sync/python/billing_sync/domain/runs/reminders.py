"""Reminders of held rows that nobody has released: when they are due, and their text."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Run, releases
from billing_sync.domain.wording import (
    PRICES,
    amounts,
    amounts_in_words,
    plain,
    summed,
    with_currency,
)

REMINDED_BEFORE = timedelta(days=2)
ROWS_SHOWN = 20


class Before(StrEnum):
    """The deadline that passes; people are reminded once before each."""

    VALIDITY = "validity"
    NEXT_INVOICE = "next_invoice"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline at `passes_at`; the reminder is due from `remind_at`."""

    before: Before
    remind_at: datetime
    passes_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """`PENDING/remind#<run id>`: the reminders that a run still has to send.

    `remind_at` is None when nothing is left; `reminded` are the `Before`s already sent.
    """

    run_id: str
    remind_at: datetime | None
    reminded: tuple[str, ...] = ()


def releasable(states: Iterable[RowState]) -> tuple[Row, ...]:
    """The rows that a person may release, as far as the run itself knows."""
    held = (s.row for s in states if s.row.outcome is Outcome.HELD)
    return tuple(row for row in held if row.target is not None)


def deadlines(run: Run, rows: Iterable[Row]) -> tuple[Deadline, ...]:
    """The deadlines of these held rows of a planned run, in the time zone of its settings.

    The plan's validity ends to the second, as a release computes it; the next invoice is that of
    the agreement that is invoiced first, and its date passes at the end of that day. A date that
    had passed when the run was planned is left out.
    """
    rows = tuple(rows)
    if not rows or not run.planned_at or not run.settings:
        return ()
    zone = ZoneInfo(run.settings.time_zone)
    until = _valid_until(run)
    text = f"the plan may be released until {until.astimezone(zone):%Y-%m-%d %H:%M} ({zone})"
    found = [Deadline(Before.VALIDITY, until - REMINDED_BEFORE, until, text)]
    planned_on = run.planned_at.astimezone(zone).date()
    days = [row.next_invoice for row in rows if row.next_invoice]
    if first := min((day for day in days if day >= planned_on), default=None):
        text = f"the first of these agreements is invoiced on {first}"
        remind_at = _begin_of(first - REMINDED_BEFORE, zone)
        end = _begin_of(first + timedelta(days=1), zone)
        found.append(Deadline(Before.NEXT_INVOICE, remind_at, end, text))
    return tuple(found)


def _valid_until(run: Run) -> datetime:
    assert run.planned_at and run.settings
    return run.planned_at + timedelta(days=run.settings.release_valid_days)


def _begin_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def first_reminder(run: Run, states: Iterable[RowState]) -> datetime | None:
    """When a closing run's first reminder is due; None when it holds nothing to release."""
    if not run.applied:
        return None
    return min((d.remind_at for d in deadlines(run, releasable(states))), default=None)


def reminder_text(
    run: Run, rows: Iterable[Row], due: Iterable[Deadline], *, now: datetime
) -> tuple[str, str]:
    """Subject and text: the deadlines, the rows with their money, and the event to release them.

    Its `by` is left to fill in. A plan that is too old to be released must be made again.
    """
    rows = sorted(rows, key=lambda row: -abs(row.money or Decimal(0)))
    money = summed((row.currency, row.money) for row in rows)
    many = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    more = [f"  and {len(rows) - ROWS_SHOWN} more"] if len(rows) > ROWS_SHOWN else []
    lines = [
        f"Run {run.id} still holds {many}, and {'; '.join(d.text for d in due)}.",
        "",
        *(_line(row) for row in rows[:ROWS_SHOWN]),
        *more,
        f"In all {amounts_in_words(amounts(money, sign='+')) or 'no price is known'}.",
        "",
        _how_to_release(run, rows, now=now),
        "What is not released is not written; the next invoice's run plans it anew.",
        "",
        PRICES,
    ]
    return f"Huntress billing sync: {many} of run {run.id} still held", "\n".join(lines)


def _how_to_release(run: Run, rows: Iterable[Row], *, now: datetime) -> str:
    if now > _valid_until(run):
        return "The plan is too old to be released: press test-sync with {}, and release that."
    events = " and with ".join(json.dumps(event) for _, event in releases(run, rows))
    return f"If they are right, press test-sync with {events}"


def _line(row: Row) -> str:
    money = (
        "no price"
        if row.money is None
        else f"{with_currency(row.money, row.currency, sign='+')} {row.billing_cycle}"
    )
    return (
        f"  {row.company_name}, {row.products}: {plain(row.before)} -> {plain(row.target)},"
        f" {money}, {row.reason}"
    )
