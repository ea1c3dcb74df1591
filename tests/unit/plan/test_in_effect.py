"""When an addition may be written: today, or on a later day as its dates show."""

from datetime import date, timedelta

import pytest

from billing_sync.domain.plan.in_effect import line_problem, problem_on
from billing_sync.domain.plan.next_agreement_invoice import ends_first
from billing_sync.domain.plan.reasons import Reason
from tests.unit.builders import NEXT_INVOICE, TODAY, an_addition, an_agreement

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 20)
FOLLOWER = {"status": "Inactive", "start_date": JULY, "bill_start_date": JULY}


@pytest.mark.parametrize(
    ("addition", "agreement", "reason"),
    [
        ({}, {}, None),
        ({"effective_date": JULY}, {}, None),
        ({"cancelled_date": NEXT_INVOICE}, {}, Reason.ADDITION_ENDED),
        ({"effective_date": NEXT_INVOICE + timedelta(days=1)}, {}, Reason.ADDITION_FUTURE),
        ({}, FOLLOWER, None),
        ({}, FOLLOWER | {"bill_start_date": date(2026, 8, 2)}, Reason.AGREEMENT_FUTURE),
        ({}, {"status": "Inactive"}, Reason.AGREEMENT_FUTURE),
        (
            {},
            {"status": "Inactive", "start_date": None, "bill_start_date": None},
            Reason.AGREEMENT_FUTURE,
        ),
        ({}, FOLLOWER | {"cancelled": True}, Reason.AGREEMENT_CANCELLED),
        ({}, FOLLOWER | {"end_date": date(2026, 7, 31)}, Reason.AGREEMENT_FUTURE),
        ({}, {"end_date": date(2026, 7, 31)}, Reason.AGREEMENT_EXPIRED),
        ({}, {"end_date": date(2026, 8, 31)}, None),
    ],
    ids=str,
)
def test_a_line_is_in_effect_on_a_later_day_if_its_dates_say_so(addition, agreement, reason):
    problem = problem_on(
        an_addition(**addition), an_agreement(**agreement), NEXT_INVOICE, today=TODAY
    )

    expected = Reason.AGREEMENT_FUTURE if reason == "future" else reason
    assert (problem.reason if problem else None) == expected


def test_a_follower_that_has_not_started_is_not_in_effect_today():
    follower = an_agreement(**FOLLOWER)

    problem = line_problem(an_addition(), follower, today=TODAY, allowed_types=())

    assert problem and problem.reason is Reason.AGREEMENT_FUTURE


@pytest.mark.parametrize(
    ("addition", "agreement", "ends"),
    [
        ({}, {}, None),
        ({"cancelled_date": JULY}, {}, JULY),
        ({"cancelled_date": NEXT_INVOICE}, {}, NEXT_INVOICE),
        ({"cancelled_date": NEXT_INVOICE + timedelta(days=1)}, {}, None),
        ({}, {"end_date": JULY}, JULY),
        ({}, {"cancelled_date": JUNE}, None),
        ({"cancelled_date": JULY}, {"end_date": JUNE}, JUNE),
        ({"cancelled_date": JULY}, {"next_invoice_date": None}, None),
        ({"cancelled_date": JULY}, {"next_invoice_date": JUNE}, None),
        ({}, {"end_date": JUNE, "next_invoice_date": None}, JUNE),
        ({}, {"end_date": TODAY, "next_invoice_date": JUNE}, TODAY),
    ],
    ids=str,
)
def test_a_line_ends_first_if_that_is_not_after_the_next_invoice(addition, agreement, ends):
    assert ends_first(an_addition(**addition), an_agreement(**agreement), today=TODAY) == ends


@pytest.mark.parametrize(
    ("first", "end", "one_time"),
    [
        (date(2026, 7, 1), date(2026, 8, 1), True),
        (date(2026, 7, 1), date(2026, 8, 2), False),
        (None, date(2026, 8, 1), False),
        (date(2026, 7, 1), None, False),
    ],
)
def test_a_line_within_one_month_is_one_time(first, end, one_time):
    assert an_addition(effective_date=first, cancelled_date=end).one_time is one_time
