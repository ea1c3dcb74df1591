"""Guards that stand behind one another, each where it is the only one that helps."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Verdict
from tests.aws.memory import Call, Params, Proceed
from tests.integration.crashes import just_before
from tests.integration.local_stack import Event, LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    COPPERFIELD,
    XENON,
    XENON_EDR,
)
from tools.sandbox.vendors.faults import Fault, FaultKind

MINUTE = 60
LEASE = 17 * MINUTE  # after which a planner that is still at work no longer keeps others out
COMMIT = '"planned_at": {"S"'


def invoice_event(stack: LocalStack) -> Event:
    """The event of the new invoice, not delivered yet."""
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()
    return event


def test_every_read_of_the_ledger_is_strongly_consistent(stack: LocalStack) -> None:
    reads: list[bool] = []

    def heard(call: Call, proceed: Proceed) -> Params:
        if call.operation in ("GetItem", "Query"):
            reads.append(call.params.get("ConsistentRead", False))
        return proceed()

    with stack.memory.listening(heard):
        stack.sync()

    assert ended(stack).wrote == 3
    assert reads and all(reads)


@pytest.mark.companies(XENON)
def test_a_held_row_is_not_even_read_when_its_company_is_applied(stack: LocalStack) -> None:
    stack.plan()
    planned = len(stack.connectwise.requests)

    assert ended(stack).outcomes["held"] == 1
    read = [request.path for request in stack.connectwise.requests[planned:]]
    assert read and not any(path.endswith(f"/{XENON_EDR}") for path in read)


@pytest.mark.companies(ALDER)
def test_a_worker_that_read_before_an_edit_leaves_the_row_to_the_one_that_wrote_after_it(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    (message,) = stack.messages()
    stack.connectwise.edit_addition(ALDER_EDR, quantity=30.0)

    def edited_back_and_written() -> None:
        stack.connectwise.edit_addition(ALDER_EDR, quantity=24.0)
        stack.connectwise.add_fault(Fault(FaultKind.DROP_AFTER, method="PATCH"))
        stack.deliver_message(message)

    with just_before(stack.memory, '"conflict"', edited_back_and_written):
        stack.deliver_message(message)
    assert stack.newest().open
    clock.shift(61 * MINUTE)
    stack.tick()

    run = ended(stack)

    assert stack.row(ALDER_EDR).row.outcome is Outcome.UPDATED
    assert (run.verdict, run.wrote, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 1, 25.0)


@pytest.mark.companies(ALDER)
def test_an_answer_about_another_addition_decides_nothing(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    other = json.dumps(stack.connectwise.state.additions[301004] | {"quantity": 25.0})
    path = f"/additions/{ALDER_EDR}"
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path=path, status=200, body=other))
    stack.deliver_messages()
    assert stack.newest().open
    clock.shift(MINUTE)

    assert (ended(stack).wrote, stack.quantity(ALDER_EDR)) == (1, 25.0)


def test_settings_that_say_nothing_of_sync_keep_the_button_from_writing(
    bare_stack: LocalStack,
) -> None:
    stack = bare_stack
    stack.configure()
    silent = {k: v for k, v in stack.world.settings.items() if k != "sync_enabled"}
    stack.config.put_item(Item=silent)
    stack.tick()

    told = stack.ask({})

    assert told["result"].startswith("WROTE NOTHING: sync is off")
    assert stack.untouched() and stack.runs.active() is None


def test_two_planners_that_make_an_invoices_run_at_the_same_moment_make_one(
    stack: LocalStack, clock: Any
) -> None:
    event = invoice_event(stack)

    def the_lease_ends_and_another_begins() -> None:
        clock.shift(LEASE)
        stack.deliver_event(event)

    with just_before(stack.memory, '"RUNS"', the_lease_ends_and_another_begins):
        stack.deliver_event(event)
    stack.settle()
    clock.shift(61 * MINUTE)
    stack.tick()

    run = ended(stack)

    assert [each.id for each in stack.all_runs()] == [run.id] == [stack.invoice.run_id]
    assert len(stack.patches()) == run.wrote == 3


def test_an_invoice_that_a_run_tries_to_take_gets_no_second_run(stack: LocalStack) -> None:
    invoice_event(stack)
    seen = stack.invoice

    assert stack.runs.automatic(seen, at=datetime.now(UTC))
    assert stack.runs.automatic(seen, at=datetime.now(UTC)) is None


def test_a_run_whose_turn_was_taken_away_by_hand_commits_no_plan(
    stack: LocalStack, clock: Any
) -> None:
    event = invoice_event(stack)
    turn = {"pk": "RUN", "sk": "ACTIVE"}
    with just_before(stack.memory, COMMIT, lambda: stack.ledger.delete_item(Key=turn)):
        stack.deliver_event(event)
    assert stack.messages() == [] and stack.invoice.state == "waiting"
    clock.shift(16 * MINUTE)
    stack.tick()

    assert ended(stack).wrote == 3


def test_of_two_plans_of_a_request_the_second_does_not_replace_the_one_being_written(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync(status="draft")
    stack.huntress.edit_invoice(5003, {"status": "open"})
    stack.press({"companies": [ALDER, COPPERFIELD]})
    (event,) = stack.put_events()

    def planned_and_half_written() -> None:
        clock.shift(LEASE)
        stack.deliver_event(event)
        stack.deliver_message(stack.messages()[0])

    with just_before(stack.memory, COMMIT, planned_and_half_written):
        stack.deliver_event(event)
    clock.shift(31 * MINUTE)

    assert ended(stack).wrote == len(stack.patches()) == 3


@pytest.mark.companies(ALDER, XENON)
def test_a_row_changed_by_hand_after_the_review_is_not_released(stack: LocalStack) -> None:
    stack.sync()
    reviewed = stack.press({"action": "show", "run_id": ended(stack).id})
    items = stack.ledger.scan()["Items"]
    (row,) = (one for one in items if one.get("addition_id") == XENON_EDR and "parts" in one)
    stack.ledger.put_item(Item={**row, "target": "2000"})

    chosen = {"run_id": reviewed["run_id"], "plan_hash": reviewed["plan_hash"]}
    told = stack.ask({"action": "release", "by": "Ann", **chosen})

    assert told["result"].startswith("WROTE NOTHING: plan_hash is")
    assert stack.quantity(XENON_EDR) == 20.0


def test_sending_the_companies_twice_at_once_makes_one_message_each(stack: LocalStack) -> None:
    event = invoice_event(stack)
    with just_before(stack.memory, "#sent_at", lambda: stack.deliver_event(event)):
        stack.deliver_event(event)

    companies = [json.loads(body)["company_id"] for body in stack.taken(stack.aws.companies)]

    assert sorted(companies) == [ALDER, COPPERFIELD]


def test_of_two_workers_that_close_a_run_one_does(stack: LocalStack) -> None:
    stack.plan()
    applying = stack.newest()
    stack.settle()
    closed = stack.newest()
    again = replace(closed, closed_at=datetime.now(UTC) + timedelta(seconds=1))

    assert not stack.runs.close(again, was=applying)

    assert stack.newest() == closed and not closed.open
