"""ConnectWise's dates are days of the settings' time zone, also where they come as a moment."""

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER_EDR, COPPERFIELD_EDR

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


@pytest.mark.parametrize(
    ("zone", "ends"),
    [("Australia/Sydney", "9999-12-31T23:59:59Z"), ("America/New_York", "9999-12-31T23:59:59")],
)
def test_an_end_on_the_last_day_of_the_calendar_is_no_end(
    stack: LocalStack, zone: str, ends: str
) -> None:
    stack.set_settings(time_zone=zone)
    addition = stack.connectwise.state.additions[ALDER_EDR]
    addition["cancelledDate"] = ends
    stack.connectwise.state.agreements[addition["agreementId"]]["endDate"] = ends
    stack.sync()

    ended(stack)

    assert stack.quantity(ALDER_EDR) == 25.0
    assert stack.quantity(COPPERFIELD_EDR) == 65.0
