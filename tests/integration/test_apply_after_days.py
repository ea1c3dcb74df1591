"""A delay holds back an invoice's run and nothing else: its usage is frozen as it appears."""

from datetime import UTC, datetime
from typing import Any

import pytest

from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, ALDER_ORGANIZATION

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
pytestmark = pytest.mark.companies(ALDER)


def delayed(stack: LocalStack, days: int, zone: str = "America/Los_Angeles") -> None:
    stack.set_settings(apply_after_days=days, time_zone=zone)
    stack.sync()


def at(clock: Any, day: int, hour: int, minute: int = 0) -> None:
    clock.move_to(datetime(2026, 7, day, hour, minute, tzinfo=UTC))


def beat(stack: LocalStack) -> int:
    """One beat; how many events it put."""
    stack.tick()
    put = stack.put_events()
    for event in put:
        stack.deliver_event(event)
    return len(put)


def test_the_run_begins_with_its_day_in_the_offices_time_zone_and_with_the_frozen_counts(
    stack: LocalStack, clock: Any
) -> None:
    delayed(stack, 3)
    assert stack.invoice.reason == (
        "planned to be applied on 2026-07-17: apply_after_days is 3 in the settings"
    )
    assert stack.invoice.frozen_at and stack.all_runs() == ()
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 40}})

    at(clock, 17, 6, 55)  # five to midnight in Los Angeles
    stack.tick()
    stack.settle()
    assert stack.untouched() and stack.all_runs() == ()
    at(clock, 17, 7)
    stack.tick()

    run = ended(stack)
    assert (run.verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)


def test_while_it_waits_no_event_is_put_and_no_alarm_is_raised(
    stack: LocalStack, clock: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    delayed(stack, 27)
    put = 0
    for _ in range(26 * 2):
        clock.shift(12 * HOUR)
        put += beat(stack)

    assert put == 0 and stack.invoice.state == "waiting"
    assert "InvoiceWaitingTooLong" not in capsys.readouterr().out
    clock.shift(DAY)
    stack.tick()
    assert ended(stack).wrote == 1


def test_an_invoice_that_is_paid_while_it_waits_keeps_its_day(
    stack: LocalStack, clock: Any
) -> None:
    delayed(stack, 3)
    stack.huntress.edit_invoice(5003, {"status": "paid"})
    clock.shift(5 * MINUTE)
    stack.tick()

    assert "planned to be applied on 2026-07-17" in stack.invoice.reason


def test_an_invoice_voided_while_it_waits_never_starts(stack: LocalStack, clock: Any) -> None:
    delayed(stack, 3)
    stack.huntress.edit_invoice(5003, {"status": "voided"})
    clock.shift(4 * DAY)
    stack.tick()
    stack.settle()

    assert stack.all_runs() == () and "voided" in stack.invoice.reason


def test_a_delay_taken_back_starts_the_run_at_the_next_beat(stack: LocalStack, clock: Any) -> None:
    delayed(stack, 10)
    stack.set_settings(apply_after_days=0)
    clock.shift(5 * MINUTE)
    stack.tick()

    assert ended(stack).wrote == 1


def test_wrong_settings_while_it_waits_move_nothing(stack: LocalStack, clock: Any) -> None:
    delayed(stack, 3)
    stack.set_settings(time_zone="Mars")
    clock.shift(DAY)

    assert beat(stack) == 0 and "2026-07-17" in stack.invoice.reason
    clock.shift(3 * DAY)
    stack.tick()
    stack.settle()
    assert "time_zone is 'Mars'" in stack.invoice.reason and stack.all_runs() == ()


def test_an_operator_does_not_wait(stack: LocalStack, clock: Any) -> None:
    delayed(stack, 10)

    told = stack.ask({})

    assert told["result"].startswith("WROTE 1 quantity")
    assert stack.invoice.run_id == told["run_id"]
    clock.shift(11 * DAY)
    stack.tick()
    stack.settle()
    assert len(stack.all_runs()) == 1


@pytest.mark.parametrize("days", [28, -1, "soon"])
def test_a_delay_that_would_reach_into_the_next_cycle_is_refused_by_name(
    stack: LocalStack, days: object
) -> None:
    stack.set_settings(apply_after_days=days)
    stack.sync()

    assert f"SETTINGS / CURRENT: apply_after_days is {days!r}" in stack.invoice.reason
