"""Invoices that Huntress takes back: told once where a run billed them, and counted once only."""

import json
from typing import Any

import pytest

from billing_sync.domain.errors import Blocked
from billing_sync.domain.event_types import INVOICE_VOIDED
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    XENON,
    XENON_EDR,
    XENON_ITDR,
)

MINUTE, DAY = 60, 24 * 3600
pytestmark = pytest.mark.companies(ALDER, XENON)


def voided(stack: LocalStack, clock: Any) -> None:
    """Huntress voids the invoice, and the schedule sees it."""
    stack.huntress.edit_invoice(5003, {"status": "voided"})
    clock.shift(5 * MINUTE)
    stack.tick()


def later(stack: LocalStack, clock: Any, seconds: float = 5 * MINUTE) -> list[str]:
    clock.shift(seconds)
    stack.tick()
    stack.settle()
    return stack.notices()


def events_in(text: str) -> list[dict[str, Any]]:
    """The events of a message, as a person pastes them."""
    return [json.loads("{" + line.split("{", 1)[1]) for line in text.splitlines() if "{" in line]


def test_an_invoice_voided_after_its_run_is_told_once_with_the_undo_ready_to_paste(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    ended(stack)

    voided(stack, clock)
    stack.settle()

    (told,) = stack.notices()
    assert "voided invoice 5003 of 2026-07-14" in told and "000001-sync had started" in told
    assert "Do not release what run 000001-sync holds." in told
    assert stack.quantity(ALDER_EDR) == 25.0 and len(stack.all_runs()) == 1
    assert later(stack, clock) == [] and later(stack, clock, DAY) == []
    (undo,) = events_in(told)
    assert stack.ask({**undo, "by": "Ann"})["result"].startswith("WROTE 2 quantities")
    assert stack.untouched() is False
    assert (stack.quantity(ALDER_EDR), stack.quantity(XENON_ITDR)) == (24.0, 21.0)


def test_a_lost_event_is_put_again_until_people_know(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    ended(stack)
    voided(stack, clock)
    assert [event["detail-type"] for event in stack.put_events()] == [INVOICE_VOIDED]

    assert len(later(stack, clock)) == 1 and later(stack, clock) == []


def test_two_deliveries_of_the_event_tell_once(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    ended(stack)
    voided(stack, clock)
    (event,) = stack.put_events()

    stack.deliver_event(event)
    stack.deliver_event(event)

    assert len(stack.notices()) == 1


def test_a_run_that_is_still_open_is_to_be_stopped_first(stack: LocalStack, clock: Any) -> None:
    stack.plan()

    voided(stack, clock)
    stack.deliver_events()

    (told,) = stack.notices()
    stop, undo = events_in(told)
    assert "Stop it first" in told and (stop["action"], undo["action"]) == ("stop", "undo")
    assert stack.ask({**stop, "by": "Ann"})["result"].startswith("WROTE NOTHING: stopped by Ann")


def test_every_run_over_the_invoice_is_told_newest_first(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    held = stack.press({"action": "show", "run_id": "000001-sync"})
    release = {"action": "release", "run_id": held["run_id"], "plan_hash": held["plan_hash"]}
    assert stack.ask({**release, "by": "Ann"})["result"].startswith("WROTE 1 quantity")
    stack.notices()

    voided(stack, clock)
    stack.settle()

    (told,) = stack.notices()
    undos = [event["run_id"] for event in events_in(told)]
    assert undos == ["000002-release", "000001-sync"]
    for run_id in undos:
        stack.ask({"action": "undo", "run_id": run_id, "by": "Ann"})
    assert (stack.quantity(ALDER_EDR), stack.quantity(XENON_EDR)) == (24.0, 20.0)


def test_an_invoice_that_no_run_took_is_voided_without_a_word(
    stack: LocalStack, clock: Any
) -> None:
    stack.put_connectwise_secret(private_key="wrong")
    stack.sync()
    stack.notices()

    voided(stack, clock)
    stack.settle()

    assert stack.notices() == [] and stack.untouched()
    event = {"detail-type": INVOICE_VOIDED, "detail": {"run_id": "000009-sync"}}
    with pytest.raises(Blocked, match="run '000009-sync' took no invoice that is voided"):
        stack.deliver_event(event)


def test_an_invoice_issued_again_bills_what_the_voided_one_counted(
    stack: LocalStack, clock: Any
) -> None:
    stack.set_settings(apply_after_days=3)
    stack.sync()
    assert stack.invoice.frozen_at
    stack.huntress.edit_invoice(5003, {"status": "voided"})
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 26}})
    clock.shift(2 * DAY)
    stack.set_settings(apply_after_days=0)

    stack.sync(id=5004)

    run = ended(stack)
    again = stack.invoices.get("account#5004")
    assert again and again.counts_of == "account#5003"
    assert stack.usage.of("account#5004") == stack.usage.of("account#5003")
    assert (stack.quantity(ALDER_EDR), run.guard_messages) == (25.0, ())
    told = stack.press({"action": "show", "run_id": run.id})
    assert "with the counts of invoice 5003 of 2026-07-14, voided since" in told["invoice"]


def test_an_invoice_issued_again_after_its_run_changes_nothing_and_names_both(
    stack: LocalStack, clock: Any
) -> None:
    stack.set_settings(guards={"rise_percent": 1000, "money": 10_000})
    stack.sync()
    assert ended(stack).wrote == 3
    voided(stack, clock)
    stack.settle()
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 26}})
    stack.notices()

    stack.sync(id=5004)

    run = ended(stack)
    assert (run.verdict, run.wrote, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 0, 25.0)
    assert run.invoice and run.invoice.id == 5004
    assert (run.counted_for, run.guard_messages) == ("invoice 5003 of 2026-07-14, voided since", ())


def test_an_invoice_of_another_plan_is_counted_anew(stack: LocalStack, clock: Any) -> None:
    stack.set_settings(apply_after_days=3)
    stack.sync()
    stack.huntress.edit_invoice(5003, {"status": "voided"})
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 26}})
    stack.set_settings(apply_after_days=0)
    clock.shift(5 * MINUTE)

    stack.sync(id=5004, plan="Huntress Managed EDR")

    assert ended(stack).counted_for == "" and stack.quantity(ALDER_EDR) == 26.0
