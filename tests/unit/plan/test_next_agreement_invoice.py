"""On which of its invoices a client sees a change, and where that is not known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing_sync.domain.plan.next_agreement_invoice import dated, takes_effect
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.report.document import row_document
from tests.unit.builders import NEXT_INVOICE, TODAY, a_row


def due(day: date | None = NEXT_INVOICE, **changes: object) -> Row:
    return a_row(next_invoice=day, **changes)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (TODAY + timedelta(days=1), "on the invoice of 2026-07-02"),
        (TODAY, "on the invoice of 2026-07-01, unless that is made first"),
        (TODAY - timedelta(days=1), ""),
        (None, ""),
    ],
    ids=["to come", "today", "passed", "not known"],
)
def test_a_change_is_seen_on_the_next_invoice_where_its_day_is_known(day: date | None, text: str):
    assert takes_effect(due(day), today=TODAY) == text


@pytest.mark.parametrize(
    "row",
    [
        due(outcome=Outcome.UNCHANGED),
        due(outcome=Outcome.BLOCKED, reason=Reason.AMBIGUOUS),
        replace(due(outcome=Outcome.HELD), target=None),
    ],
    ids=["unchanged", "blocked", "held without a target"],
)
def test_what_may_not_be_written_takes_no_effect(row: Row):
    assert takes_effect(row, today=TODAY) == ""


def test_what_is_held_takes_effect_once_it_is_released():
    held = due(outcome=Outcome.HELD, reason=Reason.RISE)

    assert takes_effect(held, today=TODAY) == "on the invoice of 2026-08-01"


def test_rows_are_dated_anew_and_a_date_that_passed_is_not_repeated():
    (row,) = dated([due()], today=TODAY)
    (later,) = dated([row], today=NEXT_INVOICE + timedelta(days=1))

    assert (row.takes_effect, later.takes_effect) == ("on the invoice of 2026-08-01", "")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_written_and_held_rows_show_the_date(outcome: Outcome):
    row = a_row(outcome=outcome, takes_effect="on the invoice of 2026-08-01")

    text = row_document(row)["takes_effect"]

    assert bool(text) is (outcome in {Outcome.UPDATED, Outcome.HELD})
