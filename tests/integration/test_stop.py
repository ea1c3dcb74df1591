"""Stopping a run at a person's word: nothing more is written, what was written is told."""

from typing import Any

from billing_sync.domain.runs.run import Status, Verdict
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
