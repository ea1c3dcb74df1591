"""Releasing held rows: exactly what was reviewed, by its hash, once, and not when it is stale."""

from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import Event, LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, XENON, XENON_EDR, XENON_ITDR

pytestmark = pytest.mark.companies(ALDER, XENON)
DAY = 24 * 3600


def held(stack: LocalStack) -> Event:
    """Sync the invoice; Xenon's jump is held. The release event as the run offers it."""
    stack.sync()
    run = ended(stack)
    assert (run.verdict, run.outcomes["held"]) == (Verdict.HELD, 1)
    return release_of(stack.press({"action": "show", "run_id": run.id}))


def release_of(told: Event, **changes: object) -> Event:
    event = {"action": "release", "run_id": told["run_id"], "plan_hash": told["plan_hash"]}
    return {**event, "by": "Ann", **changes}


def test_a_release_writes_exactly_the_held_rows(stack: LocalStack) -> None:
    event = held(stack)
    written_before = len(stack.patches())

    told = stack.ask(event)

    run = ended(stack)
    assert told["result"].startswith("WROTE 1 quantity: complete")
    assert (run.request.by, stack.quantity(XENON_EDR)) == ("Ann", 200.0)
    assert len(stack.patches()) == written_before + 1
    assert "released from run 000001-sync" in stack.row(XENON_EDR).row.message
    source = stack.runs.get("000001-sync")
    assert source and stack.row(XENON_EDR, source).copied_by == run.id
    assert [r.row.outcome for r in stack.runs.rows(source)].count(Outcome.HELD) == 1


def test_a_release_needs_the_hash_of_the_plan(stack: LocalStack) -> None:
    event = held(stack)

    told = stack.ask({**event, "plan_hash": "0" * 64})

    assert told["result"].startswith(f"WROTE NOTHING: plan_hash is '{'0' * 64}'")
    assert event["plan_hash"] in told["result"]
    assert (stack.quantity(XENON_EDR), stack.runs.active()) == (20.0, None)
    assert stack.ask(event)["result"].startswith("WROTE 1 quantity")


def test_a_plan_expires(stack: LocalStack, clock: Any) -> None:
    event = held(stack)
    clock.shift(7 * DAY + 60)

    told = stack.ask(event)

    assert "was valid until 2026-07-21" in told["result"] and stack.quantity(XENON_EDR) == 20.0


def test_a_row_is_released_once(stack: LocalStack) -> None:
    event = held(stack)
    stack.ask(event)

    told = stack.ask(event)

    assert "no held row to release (any more)" in told["result"]
    assert len(stack.patches(XENON_EDR)) == 1 and stack.runs.active() is None


def test_the_same_release_asked_twice_at_once_is_one_run(stack: LocalStack) -> None:
    event = held(stack)

    first, second = stack.press(event), stack.press(event)

    assert first["run_id"] == second["run_id"]
    assert ended(stack, first["run_id"]).wrote == 1


def test_two_people_releasing_at_once_write_once(stack: LocalStack) -> None:
    event = held(stack)

    one, two = stack.press({**event, "by": "Ann"}), stack.press({**event, "by": "Bob"})
    stack.settle()

    verdicts = {stack.runs.get(each["run_id"]).verdict for each in (one, two)}  # type: ignore[union-attr]
    assert verdicts == {Verdict.COMPLETE, Verdict.REFUSED}
    assert len(stack.patches(XENON_EDR)) == 1


def test_a_plan_is_stale_once_a_newer_run_planned_the_company(stack: LocalStack) -> None:
    event = held(stack)
    newer = stack.ask({})

    told = stack.ask(event)

    assert f"a newer run planned Xenon Labs (run {newer['run_id']})" in told["result"]
    assert stack.quantity(XENON_EDR) == 20.0
    assert stack.ask(release_of(newer))["result"].startswith("WROTE 1 quantity")


def test_a_newer_preview_or_a_newer_run_of_another_company_makes_no_plan_stale(
    stack: LocalStack,
) -> None:
    event = held(stack)
    stack.ask({"action": "preview"})
    stack.ask({"companies": [ALDER]})

    assert stack.ask(event)["result"].startswith("WROTE 1 quantity")


def test_companies_narrow_a_release(stack: LocalStack) -> None:
    stack.set_settings(approval="required")
    stack.sync()
    source = ended(stack)
    assert source.outcomes["held"] == 3 and stack.untouched()
    seen = stack.press({"action": "show", "run_id": source.id})

    first = stack.ask(release_of(seen, companies=[ALDER]))
    assert first["result"].startswith("WROTE 1 quantity")
    assert (stack.quantity(ALDER_EDR), stack.quantity(XENON_ITDR)) == (25.0, 21.0)
    second = stack.ask(release_of(seen, companies=[XENON]))

    assert second["result"].startswith("WROTE 2 quantities")
    nobody = stack.ask(release_of(seen, companies=[999]))
    assert f"run {source.id} has no row of 999" in nobody["result"]


def test_a_reviewed_preview_can_be_released(stack: LocalStack) -> None:
    stack.invoice_appears()
    seen = stack.ask({"action": "preview"})

    told = stack.ask(release_of(seen))

    assert told["result"].startswith("WROTE 3 quantities")
    assert (stack.quantity(XENON_EDR), stack.quantity(ALDER_EDR)) == (200.0, 25.0)


def test_an_edit_after_the_review_stands_and_is_a_conflict(stack: LocalStack) -> None:
    event = held(stack)
    stack.connectwise.edit_addition(XENON_EDR, by="jmarsh", quantity=150.0)

    stack.ask(event)

    run = ended(stack)
    row = stack.row(XENON_EDR).row
    assert (row.outcome, row.reason) == (Outcome.CONFLICT, Reason.CHANGED_SINCE_PLAN)
    assert (run.verdict, stack.quantity(XENON_EDR)) == (Verdict.ATTENTION, 150.0)


def test_rows_of_a_stopped_run_can_be_released(stack: LocalStack) -> None:
    stack.plan()
    stopped = stack.newest().id
    stack.ask({"action": "stop", "run_id": stopped, "by": "Ann"})
    ended(stack)
    seen = stack.press({"action": "show", "run_id": stopped})

    told = stack.ask(release_of(seen))

    assert told["result"].startswith("WROTE 3 quantities")
    assert (stack.quantity(XENON_EDR), stack.quantity(ALDER_EDR)) == (200.0, 25.0)


def test_a_run_that_is_unknown_open_or_was_never_planned_cannot_be_released(
    stack: LocalStack,
) -> None:
    stack.plan()
    open_run = stack.press({"action": "show", "run_id": stack.newest().id})
    unknown = release_of({"run_id": "000099-sync", "plan_hash": "0" * 64})

    assert "is still applying" in stack.ask_now(release_of(open_run))["result"]
    assert "no such run was planned" in stack.ask_now(unknown)["result"]
    stack.settle()


def test_a_release_while_another_run_is_writing_says_so_and_spoils_nothing(
    stack: LocalStack,
) -> None:
    stack.set_settings(approval="required")
    stack.sync()
    seen = stack.press({"action": "show", "run_id": ended(stack).id})
    first = stack.ask_now(release_of(seen, companies=[ALDER]))

    refused = stack.ask_now(release_of(seen, companies=[XENON]))

    assert f"run {first['run_id']} is writing" in refused["result"]
    assert ended(stack, first["run_id"]).wrote == 1
    again = stack.ask(release_of(seen, companies=[XENON]))
    assert again["result"].startswith("WROTE 2 quantities")
