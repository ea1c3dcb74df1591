"""Stopping a run at a person's word: nothing more is written, what was written is told."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from billing_sync.domain.apply.row_state import Permit
from billing_sync.domain.runs.run import Status, Verdict
from tests.integration.crashes import just_before
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR
from tools.sandbox.vendors.faults import Fault, FaultKind


def test_stop_ends_a_run_half_way_and_what_was_written_stays(stack: LocalStack) -> None:
    stack.plan()
    run_id = stack.newest().id
    first, second = stack.messages()
    stack.deliver_message(first)

    told = stack.ask({"action": "stop", "run_id": run_id, "by": "Ann"})
    stack.deliver_message(second)

    run = ended(stack)
    assert told["status"] == "closed" and "stopped by Ann" in told["result"]
    assert (run.verdict, run.wrote, run.outcomes["held"]) == (Verdict.STOPPED, 1, 2)
    assert len(stack.patches()) == 1


def test_stop_leaves_a_young_write_to_settle_and_then_tells_its_outcome(
    stack: LocalStack, clock: Any
) -> None:
    stack.connectwise.add_fault(Fault(FaultKind.DROP_BEFORE, method="PATCH", path=str(ALDER_EDR)))
    stack.sync()
    stack.ask({"action": "stop", "run_id": stack.newest().id, "by": "Ann"})
    assert stack.newest().status is Status.ENDING
    (company,) = stack.runs.open_companies(stack.newest())
    assert (company.company_id, company.permit) == (ALDER, Permit.REVOKED)
    stack.connectwise.edit_addition(ALDER_EDR, by="BillingSync", quantity=25.0)
    clock.shift(255)
    stack.tick()

    run = ended(stack)

    assert (run.verdict, run.wrote) == (Verdict.STOPPED, 3)


def test_stop_of_a_closed_run_changes_nothing(stack: LocalStack) -> None:
    stack.sync()
    run = ended(stack)

    told = stack.press({"action": "stop", "run_id": run.id, "by": "Ann"})

    assert told["result"].startswith("WROTE 3 quantities")
    assert stack.runs.get(run.id) == run


def test_a_stop_while_a_company_is_being_applied_keeps_it_from_writing(stack: LocalStack) -> None:
    stack.plan()
    run_id = stack.newest().id
    stop = {"action": "stop", "run_id": run_id, "by": "Ann"}
    stack.connectwise.before("GET", f"/additions/{ALDER_EDR}", lambda _: stack.press(stop))

    run = ended(stack)

    assert (run.verdict, run.wrote) == (Verdict.STOPPED, len(stack.patches()))
    assert stack.patches(ALDER_EDR) == [] and stack.audit(ALDER_EDR) == []
    assert stack.runs.rows(run, ALDER) != ()


def test_stop_of_a_run_that_is_being_planned_keeps_its_plan_from_being_written(
    stack: LocalStack,
) -> None:
    stack.invoice_appears()
    run_id = stack.press({"by": "Ann"})["run_id"]
    stop = {"action": "stop", "run_id": run_id, "by": "Ann"}
    with just_before(stack.memory, '"planned_at": {"S"', lambda: stack.press(stop)):
        stack.deliver_events()

    run = ended(stack, run_id)

    assert run.verdict is Verdict.STOPPED and "stopped by Ann" in run.note
    assert stack.untouched()


def test_an_invoices_run_that_was_stopped_while_it_was_planned_is_not_silently_redone(
    stack: LocalStack, clock: Any
) -> None:
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()

    def stop() -> None:
        stack.press({"action": "stop", "run_id": stack.newest().id, "by": "Ann"})

    with just_before(stack.memory, '"planned_at": {"S"', stop):
        stack.deliver_event(event)
    stopped = ended(stack)
    clock.shift(3700)
    stack.tick()
    stack.settle()

    assert stopped.verdict is Verdict.STOPPED
    assert stack.newest().id == stopped.id and stack.untouched()
    assert (stack.invoice.state, stack.invoice.run_id) == ("run", stopped.id)
    assert "stopped by Ann" in stack.invoice.reason

    stack.ask({"by": "Ann"})

    assert ended(stack).verdict is Verdict.COMPLETE and len(stack.patches()) == 3


def test_stop_of_a_request_that_no_planner_has_taken_yet_ends_it(stack: LocalStack) -> None:
    run_id = stack.press({"action": "preview"})["run_id"]
    (lost,) = stack.put_events()
    assert lost["detail"]["run_id"] == run_id

    answer = stack.ask({"action": "stop", "run_id": run_id, "by": "Ann"})

    assert answer["status"] == "closed" and "stopped by Ann" in answer["result"]
    assert ended(stack, run_id).verdict is Verdict.STOPPED


def test_a_run_given_back_while_a_slow_planner_goes_on_is_not_planned_by_that_one(
    stack: LocalStack,
) -> None:
    """Its reads are of an earlier turn; another run may have written in between."""
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()

    def taken_again() -> None:
        run = stack.newest()
        stack.runs.give_back(replace(run, status=Status.REQUESTED), was=run)
        assert stack.runs.active() is None
        assert stack.runs.begin(run, at=datetime.now(UTC))

    with just_before(stack.memory, '"planned_at": {"S"', taken_again):
        stack.deliver_event(event)

    run = stack.newest()
    assert (run.status, run.turn, run.plan_hash) == (Status.PLANNING, 2, "")
    assert stack.messages() == []


def test_a_worker_that_stalls_after_its_intent_does_not_write_late(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    with just_before(stack.memory, '"kind": {"S": "intent"}', lambda: clock.shift(11)):
        stack.deliver_messages()
    assert stack.patches(ALDER_EDR) == [] and stack.audit(ALDER_EDR) == [("intent", 1, "")]

    clock.shift(255)

    run = ended(stack)
    assert (run.verdict, len(stack.patches(ALDER_EDR))) == (Verdict.COMPLETE, 1)
    assert [kind for kind, _, _ in stack.audit(ALDER_EDR)] == ["intent", "intent", "result"]
