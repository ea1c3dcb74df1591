"""One planner per invoice: others leave, no event is put, and a planner that died holds up nobody.

The lease saves calls; what keeps writes apart is tested elsewhere, without it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billing_sync.domain.runs.run import Verdict
from tests.integration.crashes import just_before
from tests.integration.local_stack import Event, LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER_EDR, ALDER_ORGANIZATION, XENON

MINUTE = 60
ALDER_DETAIL = f"/v1/organizations/{ALDER_ORGANIZATION}$"


def details_read(stack: LocalStack) -> int:
    return len([r for r in stack.huntress.requests if r.path.startswith("/v1/organizations/")])


def while_it_freezes(stack: LocalStack, meanwhile: Callable[[], object]) -> None:
    """The invoice appears; something happens once while its first planner reads usage."""
    happenings = [meanwhile]
    stack.huntress.before("GET", ALDER_DETAIL, lambda _: happenings and happenings.pop()())
    stack.invoice_appears()
    stack.tick()
    stack.deliver_events()


def dead_planner(stack: LocalStack, *, minutes: float, puts: int = 4) -> None:
    """The invoice waits with a lease that its planner did not live to release."""
    stack.invoice_appears()
    stack.tick()
    stack.put_events()
    now = datetime.now(UTC)
    held = {"lease_owner": "dead", "lease_until": now + timedelta(minutes=minutes)}
    changed = replace(stack.invoice, puts=puts, put_at=now, **held)
    assert stack.invoices.save(changed, previous=stack.invoice)


def test_while_a_planner_is_at_work_no_event_is_put_and_another_planner_leaves(
    stack: LocalStack, clock: Any
) -> None:
    answers: list[object] = []
    put: list[Event] = []

    def tick_and_a_second_planner() -> None:
        clock.shift(6 * MINUTE)
        stack.tick()
        put.extend(stack.put_events())
        answers.append(stack.deliver_event(stack.events[-1]))

    while_it_freezes(stack, tick_and_a_second_planner)

    assert put == []
    assert "another planner is working on invoice 5003" in str(answers)
    assert details_read(stack) == 2
    assert ended(stack).verdict is Verdict.COMPLETE
    assert (stack.invoice.lease_owner, stack.invoice.lease_until) == ("", None)


def test_a_planner_that_died_delays_its_invoice_until_the_tick_after_its_lease(
    stack: LocalStack, clock: Any
) -> None:
    dead_planner(stack, minutes=16)
    for _ in range(3):
        clock.shift(5 * MINUTE)
        stack.tick()
        assert stack.put_events() == []
    clock.shift(5 * MINUTE)
    stack.tick()

    assert ended(stack).verdict is Verdict.COMPLETE


def test_a_planner_that_waits_for_something_leaves_no_lease(stack: LocalStack, clock: Any) -> None:
    stack.put_connectwise_secret(private_key="wrong")
    stack.sync()

    assert stack.invoice.state == "waiting"
    assert (stack.invoice.lease_owner, stack.invoice.lease_until) == ("", None)


def test_a_planner_out_of_time_hands_over_at_once_and_a_second_event_finds_it_taken(
    stack: LocalStack, clock: Any
) -> None:
    stack.invoice_appears()
    stack.tick()
    clock.shift(MINUTE)
    stack.deliver_events(seconds=119)
    assert (stack.invoice.lease_owner, stack.invoice.puts) == ("", 1)
    assert stack.invoice.put_at and datetime.now(UTC) - stack.invoice.put_at < timedelta(seconds=30)
    (continued,) = stack.put_events()
    answers: list[object] = []
    twice = [lambda: answers.append(stack.deliver_event(continued))]
    stack.huntress.before("GET", ALDER_DETAIL, lambda _: twice and twice.pop()())
    stack.deliver_event(continued)

    assert "another planner is working on invoice 5003" in str(answers)
    assert details_read(stack) == 2
    assert ended(stack).verdict is Verdict.COMPLETE


def test_of_two_planners_that_take_the_lease_at_the_same_moment_one_leaves(
    stack: LocalStack,
) -> None:
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()
    answers: list[object] = []

    def the_other_takes_it() -> None:
        now = datetime.now(UTC)
        theirs = {"lease_owner": "theirs", "lease_until": now + timedelta(minutes=16)}
        assert stack.invoices.save(replace(stack.invoice, **theirs), previous=stack.invoice)

    with just_before(stack.memory, '"lease_owner": {"S": "', the_other_takes_it):
        answers.append(stack.deliver_event(event))

    assert "another planner is working on invoice 5003" in str(answers)
    assert details_read(stack) == 0 and stack.invoice.lease_owner == "theirs"


@pytest.mark.parametrize("asked", [{}, {"action": "preview"}], ids=["sync", "preview"])
def test_a_request_while_a_planner_is_at_work_is_refused_and_reads_nothing(
    stack: LocalStack, asked: Event
) -> None:
    answers: list[Event] = []
    while_it_freezes(stack, lambda: answers.append(stack.ask_now(asked)))

    assert "another planner is working on invoice 5003" in answers[0]["result"]
    assert "try again" in answers[0]["result"]
    assert details_read(stack) == 2
    run = ended(stack, stack.invoice.run_id)
    assert (run.automatic, stack.quantity(ALDER_EDR)) == (True, 25.0)


def test_a_request_whose_planner_died_goes_on_after_its_lease(
    stack: LocalStack, clock: Any
) -> None:
    stack.invoice_appears()
    stack.tick()
    stack.put_events()
    run_id = stack.press({"action": "preview"})["run_id"]
    held = {"lease_until": datetime.now(UTC) + timedelta(minutes=16), "lease_run_id": run_id}
    died = replace(stack.invoice, lease_owner="dead", **held)
    assert stack.invoices.save(died, previous=stack.invoice)
    stack.deliver_events()
    assert stack.newest().open
    clock.shift(17 * MINUTE)
    stack.tick()

    run = ended(stack, run_id)

    assert (run.verdict, stack.invoice.state) == (Verdict.PREVIEWED, "run")


@pytest.mark.companies(XENON)
def test_a_release_takes_the_lease_of_its_invoice(stack: LocalStack) -> None:
    stack.sync()
    held = stack.newest()
    owners: list[str] = []
    release = {"action": "release", "run_id": held.id, "plan_hash": held.plan_hash, "by": "Ann"}
    with just_before(stack.memory, "copied_by", lambda: owners.append(stack.invoice.lease_owner)):
        stack.ask_now(release)

    assert owners != [""] and stack.invoice.lease_owner == ""
    assert ended(stack).verdict is Verdict.COMPLETE
