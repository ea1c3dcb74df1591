"""ConnectWise's dates are days of the settings' time zone, also where they come as a moment."""

import pytest

from functions.permission_check import handler as permission_check
from tests.integration.local_stack import LambdaContext, LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, COPPERFIELD_EDR

SYDNEY = {"time_zone": "Australia/Sydney"}


@pytest.mark.parametrize(
    ("effective", "reason"),
    [
        ("2026-07-13T14:00:00Z", ""),  # midnight of the 14th in Sydney
        ("2026-07-14T14:00:00Z", "addition_not_yet_effective"),  # of the 15th
        ("2026-07-14T00:00:00Z", ""),  # a calendar date, as ConnectWise writes it
        ("2026-07-15T00:00:00Z", "addition_not_yet_effective"),
        ("2026-07-15T00:00:00+10:00", "addition_not_yet_effective"),
    ],
)
def test_a_moment_is_the_day_that_it_is_in_the_settings_time_zone(
    stack: LocalStack, effective: str, reason: str
) -> None:
    stack.set_settings(**SYDNEY)
    stack.connectwise.state.additions[ALDER_EDR]["effectiveDate"] = effective
    stack.sync()

    run = ended(stack)

    (row,) = [
        s.row for s in stack.runs.rows(run) if s.row.company_id == 301 and s.row.products == "edr"
    ]
    assert row.reason == reason
    assert stack.quantity(COPPERFIELD_EDR) == 65.0


def test_the_additions_to_choose_from_have_the_days_that_a_run_finds(stack: LocalStack) -> None:
    stack.set_settings(**SYDNEY)
    moment = "2026-07-14T14:00:00Z"  # midnight of the 15th in Sydney
    stack.connectwise.state.additions[ALDER_EDR]["effectiveDate"] = moment

    event = {"list": "additions", "company": ALDER}
    listed = permission_check.handler(event, LambdaContext())["items"]

    (why_not,) = [each["why_not"] for each in listed if each["id"] == ALDER_EDR]
    assert why_not == f"addition {ALDER_EDR} takes effect on 2026-07-15"


@pytest.mark.parametrize(
    ("zone", "effective", "cancelled"),
    [
        ("Australia/Sydney", "2026-07-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        ("America/New_York", "0001-01-01T00:00:01Z", "2099-12-31T00:00:00Z"),
    ],
)
def test_a_moment_at_the_end_of_the_calendar_is_the_day_that_it_names(
    stack: LocalStack, zone: str, effective: str, cancelled: str
) -> None:
    stack.set_settings(time_zone=zone)
    dates = {"effectiveDate": effective, "cancelledDate": cancelled}
    stack.connectwise.state.additions[ALDER_EDR].update(dates)
    stack.sync()

    assert stack.row(ALDER_EDR).row.outcome == "updated"
    assert stack.quantity(COPPERFIELD_EDR) == 65.0
