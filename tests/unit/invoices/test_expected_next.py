"""When the next invoice is expected: what past invoices' days tell, and when they tell nothing."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_sync.domain.invoices.expected_next import next_invoice

every_past = settings(max_examples=200, deadline=None, derandomize=True)


def days(*told: str) -> list[date]:
    return [date.fromisoformat(day) for day in told]


def expected(*past: str, today: str = "2026-01-01") -> str:
    return str(next_invoice(days(*past), today=date.fromisoformat(today)).on)


@pytest.mark.parametrize(
    ("past", "on"),
    [
        (["2026-05-01", "2026-06-01", "2026-07-01"], "2026-08-01"),
        (["2026-05-01", "2026-06-02", "2026-07-01"], "2026-08-01"),  # the 1st and once the 2nd
        (["2026-06-01", "2026-07-02"], "2026-08-01"),  # either: the earlier is safe
        (["2026-11-14", "2026-12-14"], "2027-01-14"),
        (["2025-12-31", "2026-01-31"], "2026-02-28"),
        (["2023-12-31", "2024-01-31"], "2024-02-29"),
        (["2026-01-31", "2026-02-28"], "2026-03-31"),
        (["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"], "2026-05-31"),
        (["2026-01-30", "2026-02-28"], "2026-03-30"),
        (["2026-01-29", "2026-02-28", "2026-03-29"], "2026-04-29"),
        (["2026-02-28", "2026-03-28"], "2026-04-28"),
        (["2026-05-31", "2026-07-01", "2026-07-31"], "2026-08-31"),  # late by a day in June
        (["2026-07-01", "2026-05-01", "2026-06-01", "2026-06-01"], "2026-08-01"),  # in any order
    ],
    ids=str,
)
def test_the_next_invoice_is_expected_on_the_usual_day_of_the_month(past: list[str], on: str):
    assert expected(*past) == on


@pytest.mark.parametrize(
    "past",
    [
        ["2026-06-06", "2026-06-26"],
        ["2026-01-07", "2026-02-11", "2026-03-23", "2026-04-26"],
    ],
    ids=str,
)
def test_invoices_without_a_regular_day_leave_the_next_one_unknown(past: list[str]):
    found = next_invoice(days(*past), today=date(2026, 6, 27))

    assert found.on is None and found.sentence.startswith("not known: ")


@pytest.mark.parametrize(
    ("past", "on"),
    [
        (["2026-01-01", "2026-01-31", "2026-03-03"], "2026-04-01"),
        (["2026-04-01", "2026-05-01", "2026-06-01", "2026-07-09"], "2026-08-01"),
    ],
    ids=str,
)
def test_the_next_invoice_comes_after_the_last_one(past: list[str], on: str):
    assert expected(*past) == on


def test_a_billing_day_that_moved_counts_from_its_second_invoice_on():
    past = ["2026-02-15", "2026-03-15", "2026-04-15", "2026-05-15", "2026-06-01"]

    assert expected(*past) == "2026-06-15"
    assert expected(*past, "2026-07-01") == "2026-08-01"


@pytest.mark.parametrize(
    "extra",
    ["2026-06-05", "2026-06-15", "2026-06-20", "2026-06-21", "2026-06-25", "2026-07-04"],
)
def test_an_invoice_off_the_rhythm_moves_nothing(extra: str):
    past = ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01"]

    assert expected(*past, extra) == "2026-08-01"


def test_an_annual_invoice_in_the_running_cycle_does_not_put_off_the_next():
    past = ["2026-04-01", "2026-05-01", "2026-06-01", "2026-06-24"]

    assert expected(*past, today="2026-06-26") == "2026-07-01"


def test_a_month_without_an_invoice_does_not_change_the_day():
    assert expected("2026-03-09", "2026-04-09", "2026-06-09", "2026-07-09") == "2026-08-09"


@pytest.mark.parametrize(
    ("past", "why"),
    [
        ([], "there is none yet"),
        (["2026-07-01"], "there is one cycle only"),
        (["2026-07-01", "2026-07-09"], "there is one cycle only"),
        (["2025-07-01", "2026-07-01"], "about 365 days apart"),
        (["2026-01-01", "2026-04-01", "2026-07-01"], "days apart, which is not a month"),
    ],
    ids=str,
)
def test_too_little_or_no_rhythm_is_said_and_not_guessed(past: list[str], why: str):
    expected = next_invoice(days(*past), today=date(2026, 7, 10))

    assert expected.on is None
    assert expected.sentence.startswith("not known") and why in expected.sentence


def test_it_says_that_it_is_inferred_and_from_how_much():
    text = next_invoice(days("2026-01-31", "2026-02-28"), today=date(2026, 3, 2)).sentence

    assert text == (
        "about 2026-03-31, inferred from 2 past cycles, invoiced about day 31 of the month,"
        " or the month's last"
    )


def test_an_expected_day_that_has_passed_is_overdue_and_not_moved_on():
    past = days("2026-05-01", "2026-06-01")

    on_the_day = next_invoice(past, today=date(2026, 7, 1))
    later = next_invoice(past, today=date(2026, 7, 2))

    assert on_the_day.sentence.startswith("about 2026-07-01")
    assert (later.on, later.sentence[:8]) == (date(2026, 7, 1), "overdue:")


@st.composite
def regular_pasts(draw: st.DrawFn) -> tuple[list[date], int]:
    """Invoices of consecutive months on one day of the month, the last where it is shorter."""
    usual = draw(st.integers(1, 31))
    first = draw(st.integers(2020 * 12, 2030 * 12))
    count = draw(st.integers(2, 14))
    return [on(usual, month) for month in range(first, first + count + 1)], usual


def on(usual: int, month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, min(usual, monthrange(year, index + 1)[1]))


@every_past
@given(regular_pasts(), st.integers(5, 19), st.integers(0, 11))
def test_a_regular_past_goes_on_within_the_days_by_which_months_differ_whatever_is_issued_again(
    past: tuple, later: int, which: int
):
    (*before, actual), usual = past
    last = before[-1]

    found = next_invoice(before, today=last).on

    # Two Februaries cannot tell the 28th from the 31st; then the earlier day is the safe one.
    assert found is not None and found <= actual
    assert actual - found <= timedelta(days=3)
    if usual <= 28 or len(before) >= 8:  # some month of 31 days is among eight
        assert found == actual
    again = before[which % len(before)] + timedelta(days=later)
    assert next_invoice([*before, again], today=last).on == found


@every_past
@given(st.lists(st.dates(date(2020, 1, 1), date(2035, 1, 1)), max_size=15))
def test_whatever_the_past_the_next_comes_after_it_or_is_not_known(past: list[date]):
    found = next_invoice(past, today=date(2026, 1, 1))

    assert found.sentence
    assert found.on is None or found.on > max(past)
