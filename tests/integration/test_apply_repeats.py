"""Messages come twice, late, together, or for a run that is over: every quantity changes once."""

from typing import Any

import pytest

from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR

pytestmark = pytest.mark.companies(ALDER)
UPDATED = [("intent", 1, ""), ("result", 1, "updated")]


def test_a_message_delivered_again_after_its_work_writes_nothing(stack: LocalStack) -> None:
    stack.plan()
    (message,) = stack.messages()

    first, second = stack.deliver_message(message), stack.deliver_message(message)

    assert (first, second) == ({"batchItemFailures": []},) * 2
    assert ended(stack).verdict is Verdict.COMPLETE
    assert len(stack.patches()) == len(stack.connectwise.quantity_changes) == 1
    assert stack.audit(ALDER_EDR) == UPDATED


def test_two_deliveries_at_the_same_moment_write_once(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    (message,) = stack.messages()
    meanwhile: list[dict[str, Any]] = []

    def deliver_once_more(_: object) -> None:
        if not meanwhile:
            meanwhile.append({})
            meanwhile.append(stack.deliver_message(message))

    stack.connectwise.before("PATCH", str(ALDER_EDR), deliver_once_more)
    stack.deliver_message(message)

    assert meanwhile[1]["batchItemFailures"] == [{"itemIdentifier": message["MessageId"]}]
    clock.shift(130)
    assert ended(stack).verdict is Verdict.COMPLETE
    assert len(stack.patches()) == 1
    assert stack.audit(ALDER_EDR) == UPDATED


def test_two_messages_for_one_company_write_once(stack: LocalStack) -> None:
    stack.plan()
    (message,) = stack.messages()
    stack.send(message["Body"])

    stack.deliver_message(message)

    assert ended(stack).verdict is Verdict.COMPLETE
    assert len(stack.patches()) == 1
    assert stack.audit(ALDER_EDR) == UPDATED


def test_a_message_of_a_run_long_closed_writes_nothing(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    (message,) = stack.messages()
    stack.deliver_message(message)
    ended(stack)
    clock.shift(3 * 24 * 3600)
    stack.connectwise.edit_addition(ALDER_EDR, quantity=24.0)
    asked = len(stack.connectwise.requests)

    reply = stack.deliver_message(message)

    assert reply == {"batchItemFailures": []}
    assert len(stack.connectwise.requests) == asked
    assert stack.quantity(ALDER_EDR) == 24.0
    assert len(stack.patches()) == 1


def test_a_message_of_a_stopped_run_writes_nothing(stack: LocalStack) -> None:
    stack.plan()
    (message,) = stack.messages()
    run_id = stack.newest().id
    stack.press({"action": "stop", "run_id": run_id, "by": "Ann"})
    asked = len(stack.connectwise.requests)

    reply = stack.deliver_message(message)

    assert reply == {"batchItemFailures": []}
    assert len(stack.connectwise.requests) == asked
    run = ended(stack)
    assert (run.verdict, run.outcomes["held"]) == (Verdict.STOPPED, 1)
    assert stack.untouched()
    assert stack.audit(ALDER_EDR) == []


@pytest.mark.parametrize(
    "body",
    [
        "not json",
        "[]",
        "null",
        '{"schema_version": 1, "run_id": "000001-sync"}',
        '{"schema_version": 2, "run_id": "000001-sync", "company_id": 301}',
        '{"schema_version": 1, "run_id": "nonsense", "company_id": 301}',
        '{"schema_version": 1, "run_id": "000001-sync", "company_id": "many"}',
        '{"schema_version": 1, "run_id": "000099-sync", "company_id": 301}',
    ],
)
def test_a_message_that_means_nothing_ends_as_a_dead_letter(stack: LocalStack, body: str) -> None:
    stack.send(body)

    while messages := stack.messages():
        stack.deliver_message(messages[0])

    assert len(stack.replies) == 20
    assert all(len(reply["batchItemFailures"]) == 1 for reply in stack.replies)
    assert stack.taken(stack.aws.dead) == [body]
    assert stack.untouched()


def test_a_company_that_is_not_in_the_run_is_acknowledged(stack: LocalStack) -> None:
    stack.plan()
    stack.send('{"schema_version": 1, "run_id": "000001-sync", "company_id": 999}')

    assert ended(stack).verdict is Verdict.COMPLETE
    assert len(stack.patches()) == 1
