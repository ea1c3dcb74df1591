"""Two workers at the same point at the same time: one of them wins, and nothing is done twice."""

from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Verdict
from tests.integration.crashes import just_before
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR

pytestmark = pytest.mark.companies(ALDER)


def test_a_run_that_two_workers_close_at_once_is_closed_and_told_once(stack: LocalStack) -> None:
    stack.plan()
    with just_before(stack.memory, '"closed"', stack.tick):
        stack.deliver_messages()

    assert ended(stack).verdict is Verdict.COMPLETE


def test_a_preview_that_two_planners_finish_at_once_is_told_once(stack: LocalStack) -> None:
    stack.invoice_appears()
    stack.press({"action": "preview"})
    (event,) = stack.put_events()
    with just_before(stack.memory, '"closed"', lambda: stack.deliver_event(event)):
        stack.deliver_event(event)

    assert ended(stack).verdict is Verdict.PREVIEWED


def test_a_message_done_before_the_planner_noted_sending_it_leaves_no_marker(
    stack: LocalStack,
) -> None:
    with just_before(stack.memory, "#sent_at", stack.deliver_messages):
        stack.plan()

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 1)


def test_a_late_worker_changes_nothing_in_a_run_that_was_stopped_and_closed(
    stack: LocalStack,
) -> None:
    stack.plan()
    stack.connectwise.edit_addition(ALDER_EDR, quantity=30.0)
    stop = {"action": "stop", "run_id": stack.newest().id, "by": "Ann"}
    with just_before(
        stack.memory, '"conflict"', lambda: (stack.press(stop), stack.deliver_events())
    ):
        stack.deliver_messages()

    run = ended(stack)

    assert (run.verdict, run.outcomes["held"]) == (Verdict.STOPPED, 1)
    assert stack.row(ALDER_EDR).row.outcome is Outcome.HELD


def test_an_invoice_voided_while_it_is_planned_is_not_written(
    stack: LocalStack, clock: Any
) -> None:
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()

    def voided() -> None:
        stack.huntress.edit_invoice(5003, {"status": "voided"})
        stack.tick()

    with just_before(stack.memory, '"planned_at": {"S"', voided):
        stack.deliver_event(event)
    for _ in range(9):
        clock.shift(16 * 60)
        stack.tick()
        stack.settle()

    assert stack.untouched() and stack.invoice.state == "waiting"
    assert ended(stack).verdict is Verdict.INCOMPLETE
