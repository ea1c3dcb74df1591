"""What a run holds is brought to mind once before each deadline, and not once it is settled."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from billing_sync.domain.errors import Blocked
from billing_sync.domain.event_types import REMINDER
from tests.integration.local_stack import Event, LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, XENON, XENON_EDR

MINUTE, DAY = 60, 24 * 3600
pytestmark = pytest.mark.companies(ALDER, XENON)


@pytest.fixture(autouse=True)
def held(stack: LocalStack) -> None:
    """Run 1 holds Xenon's jump.

    Planned on the 14th, it may be released until the 21st, 09:00 UTC; the agreement's next invoice
    is on the 26th, and the office is in New York.
    """
    stack.sync()
    ended(stack)


def at(stack: LocalStack, clock: Any, moment: str) -> list[str]:
    """What people are told by a beat at this moment."""
    clock.move_to(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    stack.tick()
    stack.settle()
    return stack.notices()


def released_by(text: str) -> Event:
    (line,) = (line for line in text.splitlines() if "press test-sync with" in line)
    return dict(json.loads(line.partition("with ")[2]))


def test_before_its_plan_expires_people_are_told_once_with_the_release_to_paste(
    stack: LocalStack, clock: Any
) -> None:
    assert at(stack, clock, "2026-07-19T08:59") == []

    (message,) = at(stack, clock, "2026-07-19T09:05")

    assert "Run 000001-sync still holds 1 row" in message
    assert "until 2026-07-21 05:00 (America/New_York)" in message
    assert "Xenon Labs, edr: 20 -> 200," in message and "rise" in message
    assert at(stack, clock, "2026-07-19T09:10") == [] == at(stack, clock, "2026-07-20T09:10")
    result = stack.ask({**released_by(message), "by": "Ann"})["result"]
    assert result.startswith("WROTE 1 quantity") and stack.quantity(XENON_EDR) == 200.0


def test_before_the_clients_next_invoice_people_are_told_once_as_that_day_minus_two_begins(
    stack: LocalStack, clock: Any
) -> None:
    at(stack, clock, "2026-07-19T09:05")
    assert at(stack, clock, "2026-07-24T03:55") == []

    (message,) = at(stack, clock, "2026-07-24T04:00")

    assert "the first of these agreements is invoiced on 2026-07-26" in message
    assert "press test-sync with {}, and release that" in message
    assert at(stack, clock, "2026-07-24T04:05") == [] == at(stack, clock, "2026-08-24T04:05")


def test_what_was_released_is_not_brought_to_mind(stack: LocalStack, clock: Any) -> None:
    shown = stack.press({"action": "show", "run_id": "000001-sync"})
    release = {"run_id": shown["run_id"], "plan_hash": shown["plan_hash"], "by": "Ann"}
    stack.ask({"action": "release", **release})
    stack.notices()

    assert at(stack, clock, "2026-07-19T09:05") == [] == at(stack, clock, "2026-07-24T04:05")
    at(stack, clock, "2026-07-24T04:10")
    assert stack.reminders.all() == ()


def test_a_release_that_was_refused_settles_nothing(stack: LocalStack, clock: Any) -> None:
    wrong = {"run_id": "000001-sync", "plan_hash": "0" * 64, "by": "Ann"}
    stack.ask({"action": "release", **wrong})
    stack.notices()

    assert len(at(stack, clock, "2026-07-19T09:05")) == 1


def test_a_newer_sync_reminds_instead_of_the_older_one(stack: LocalStack, clock: Any) -> None:
    clock.shift(DAY)
    stack.ask({})
    stack.notices()

    assert at(stack, clock, "2026-07-19T09:05") == []
    (message,) = at(stack, clock, "2026-07-20T09:05")
    assert "Run 000002-sync still holds" in message


def test_a_preview_reminds_of_nothing(stack: LocalStack, clock: Any) -> None:
    stack.ask({"action": "preview"})

    assert [reminder.run_id for reminder in stack.reminders.all()] == ["000001-sync"]


def test_what_an_invoice_that_was_voided_holds_is_not_brought_to_mind(
    stack: LocalStack, clock: Any
) -> None:
    stack.huntress.edit_invoice(5003, {"status": "voided"})
    at(stack, clock, "2026-07-15T09:05")

    assert at(stack, clock, "2026-07-19T09:05") == [] == at(stack, clock, "2026-07-24T04:05")


def test_a_lost_event_is_put_again_at_the_next_beat(stack: LocalStack, clock: Any) -> None:
    clock.move_to(datetime(2026, 7, 19, 9, 5, tzinfo=UTC))
    stack.tick()
    assert REMINDER in [event["detail-type"] for event in stack.put_events()]

    assert len(at(stack, clock, "2026-07-19T09:10")) == 1


def test_two_deliveries_of_the_event_tell_once(stack: LocalStack, clock: Any) -> None:
    clock.move_to(datetime(2026, 7, 19, 9, 5, tzinfo=UTC))
    event = {"detail-type": REMINDER, "detail": {"run_id": "000001-sync"}}

    stack.deliver_event(event)
    stack.deliver_event(event)

    assert len(stack.notices()) == 1


def test_a_deadline_that_passed_while_nothing_ran_is_not_told_of(
    stack: LocalStack, clock: Any
) -> None:
    assert at(stack, clock, "2026-07-27T04:00") == []
    at(stack, clock, "2026-07-27T04:05")
    assert stack.reminders.all() == ()


def test_an_unknown_run_is_refused_and_one_that_holds_nothing_is_no_trouble(
    stack: LocalStack,
) -> None:
    with pytest.raises(Blocked, match="there is no run '000009-sync' to remind of"):
        stack.deliver_event({"detail-type": REMINDER, "detail": {"run_id": "000009-sync"}})

    stack.ask({"action": "preview"})
    stack.notices()
    stack.deliver_event({"detail-type": REMINDER, "detail": {"run_id": "000002-preview"}})
    assert stack.notices() == []
