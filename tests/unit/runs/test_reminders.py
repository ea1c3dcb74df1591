"""People are reminded of held rows two days before it is too late, by the office's calendar."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.plan import Coverage
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.reminders import (
    Before,
    deadlines,
    first_reminder,
    releasable,
    reminder_text,
)
from billing_sync.domain.runs.run import Mode, Request, Run, Status
from tests.unit.builders import INVOICED, a_row, some_settings

LOS_ANGELES = "America/Los_Angeles"
HELD = {"outcome": Outcome.HELD, "reason": Reason.RISE}


def a_run(*, zone: str = "UTC", days: int = 7, **changes: object) -> Run:
    fields = {
        "planned_at": INVOICED,
        "settings": some_settings(time_zone=zone, release_valid_days=days),
        "coverage": Coverage(1, 1),
        "plan_hash": "ab" * 32,
    }
    request = Request(Mode.SYNC, "invoice")
    return Run("000007-sync", 7, Status.CLOSED, request, INVOICED, **(fields | changes))


def moments(run: Run, *days: date | None) -> dict[Before, tuple[str, str]]:
    rows = [a_row(**HELD, next_invoice=day) for day in days]
    return {
        d.before: (f"{d.remind_at:%m-%d %H:%M:%S}", f"{d.passes_at:%m-%d %H:%M:%S}")
        for d in deadlines(run, rows)
    }


def test_a_reminder_is_due_two_days_before_a_plan_may_no_longer_be_released():
    assert moments(a_run(), None) == {Before.VALIDITY: ("07-06 06:00:00", "07-08 06:00:00")}


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", ("07-24 00:00:00", "07-27 00:00:00")),
        (LOS_ANGELES, ("07-24 07:00:00", "07-27 07:00:00")),
        ("Asia/Tokyo", ("07-23 15:00:00", "07-26 15:00:00")),
    ],
)
def test_the_first_of_the_next_invoices_is_a_day_of_the_settings_time_zone(zone, expected):
    later = date(2026, 8, 1)

    assert (
        moments(a_run(zone=zone), later, date(2026, 7, 26), None)[Before.NEXT_INVOICE] == expected
    )


def test_the_day_of_the_plan_still_counts_and_the_day_before_says_nothing():
    # 06:00 UTC on the first is still the last evening of June in Los Angeles.
    june, july = date(2026, 6, 30), date(2026, 7, 1)

    assert Before.NEXT_INVOICE in moments(a_run(), july)
    assert Before.NEXT_INVOICE not in moments(a_run(), june)
    assert Before.NEXT_INVOICE in moments(a_run(zone=LOS_ANGELES), june)


def test_only_rows_that_a_person_can_release_are_reminded_of():
    held = RowState(a_row(**HELD), done=True, planned_write=False)
    blocked = replace(held, row=a_row(outcome=Outcome.BLOCKED))
    no_target = replace(held, row=replace(held.row, target=None))
    written = replace(held, row=a_row(), planned_write=True)

    assert releasable((held, blocked, no_target, written)) == (held.row,)


def test_a_closing_run_knows_when_it_first_has_to_remind():
    held = RowState(a_row(**HELD, next_invoice=date(2026, 7, 4)), done=True, planned_write=False)
    invoiced = datetime.fromisoformat("2026-07-02T00:00:00+00:00")

    assert first_reminder(a_run(), (held,)) == invoiced
    assert first_reminder(a_run(days=1), (held,)) == INVOICED - timedelta(days=1)
    assert first_reminder(a_run(), (replace(held, row=a_row()),)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"request": Request(Mode.PREVIEW, "Ann")},
        {"coverage": Coverage(2, 1)},
        {"planned_at": None},
    ],
    ids=["a preview", "an incomplete read", "never planned"],
)
def test_what_was_never_let_loose_reminds_of_nothing(changes):
    held = RowState(a_row(**HELD), done=True, planned_write=False)

    assert first_reminder(replace(a_run(), **changes), (held,)) is None


def test_the_message_has_the_rows_by_money_and_the_event_that_releases_them():
    run, small = a_run(zone=LOS_ANGELES), a_row(12, 14, **HELD)
    large = a_row(12, 200, **HELD, company_id=2, company_name="Company 2")
    no_price = replace(small, company_id=3, company_name="Company 3", money=None)
    due = deadlines(run, [replace(small, next_invoice=date(2026, 7, 4))])

    subject, text = reminder_text(run, [small, no_price, large], due, now=INVOICED)

    assert subject == "Huntress billing sync: 3 rows of run 000007-sync still held"
    lines = text.splitlines()
    assert lines[0] == (
        "Run 000007-sync still holds 3 rows, and the plan may be released until 2026-07-07 23:00"
        " (America/Los_Angeles); the first of these agreements is invoiced on 2026-07-04."
    )
    assert lines[2] == "  Company 2, edr: 12 -> 200, +940.00 USD Monthly, rise"
    assert lines[4] == "  Company 3, edr: 12 -> 14, no price, rise"
    assert "In all +950.00 USD." in lines
    (event,) = [json.loads(line.partition("with ")[2]) for line in lines if "test-sync" in line]
    assert event == {
        "action": "release",
        "run_id": "000007-sync",
        "plan_hash": "ab" * 32,
        "by": "<your name>",
        "companies": [1, 2, 3],
    }


def test_rows_that_end_before_the_invoice_have_an_event_of_their_own():
    ends = a_row(12, 14, **HELD, company_id=2, further_reasons=(Reason.ENDS_BEFORE_INVOICE,))

    text = reminder_text(a_run(), [a_row(12, 14, **HELD), ends], (), now=INVOICED)[1]

    (line,) = (line for line in text.splitlines() if "test-sync" in line)
    routine, apart = map(json.loads, line.partition("with ")[2].split(" and with "))
    assert (routine["companies"], routine.get("reasons")) == ([1], None)
    assert (apart["companies"], apart["reasons"]) == ([2], ["ends_before_invoice"])


def test_a_message_of_many_rows_shows_the_largest_and_how_many_more():
    rows = [a_row(12, 12 + n, **HELD, money=Decimal(n)) for n in range(1, 26)]

    text = reminder_text(a_run(), rows, deadlines(a_run(), rows), now=INVOICED)[1]

    assert "12 -> 37" in text
    assert "12 -> 17," not in text
    assert "  and 5 more" in text


def test_a_plan_that_may_no_longer_be_released_is_to_be_made_anew():
    rows, until = [a_row(**HELD)], INVOICED + timedelta(days=7)

    in_time = reminder_text(a_run(), rows, deadlines(a_run(), rows), now=until)[1]
    too_late = reminder_text(a_run(), rows, [], now=until + timedelta(seconds=1))[1]

    assert '"action": "release"' in in_time
    assert '"action": "release"' not in too_late
    assert "press test-sync with {}" in too_late
