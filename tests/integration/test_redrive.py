"""`billing-sync redrive`: dead letters go back into the company queue, and none is lost."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from tests.aws.faults import CutOff
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, XENON
from tools.operator.runs.dead_letters import DeadLetters

pytestmark = pytest.mark.companies(ALDER, XENON)


def died(stack: LocalStack) -> None:
    """Every message of the company queue is a dead letter now."""
    sqs = boto3.client("sqs")
    for message in stack.messages():
        sqs.send_message(
            QueueUrl=stack.aws.dead,
            MessageBody=message["Body"],
            MessageGroupId=message["Attributes"]["MessageGroupId"],
            MessageDeduplicationId=message["Attributes"]["MessageDeduplicationId"],
        )
        sqs.delete_message(QueueUrl=stack.aws.companies, ReceiptHandle=message["ReceiptHandle"])


def waiting(url: str) -> list[dict[str, Any]]:
    """The messages of a queue, left visible."""
    sqs = boto3.client("sqs")
    found = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, AttributeNames=["All"]
    )
    return list(found.get("Messages", []))


def groups(messages: list[dict[str, Any]]) -> set[str]:
    return {message["Attributes"]["MessageGroupId"] for message in messages}


def test_companies_that_died_are_shown_and_once_agreed_to_billed(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.plan()
    died(stack)

    shown = operator("redrive", answers=["y"])

    text = " ".join(shown.stdout.split())
    assert shown.exit_code == 0
    assert f"000001-sync {ALDER} 2026-07-14 09:00 1 run is applying: will be tried again" in text
    assert "Moved: 2 of 2 messages." in text
    back = waiting(stack.aws.companies)
    assert groups(back) == {str(ALDER), str(XENON)} and waiting(stack.aws.dead) == []
    assert ended(stack).wrote == 2 and stack.quantity(ALDER_EDR) == 25.0


def test_a_message_of_a_closed_run_is_reported_as_only_acknowledged(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.plan()
    died(stack)
    operator("stop", "000001-sync")

    answer = json.loads(operator("redrive", "--json", "--yes").stdout)["messages"]

    assert {message["run"] for message in answer} == {"run is closed: will only be acknowledged"}
    assert all(message["moved"] for message in answer)
    stack.settle()
    assert stack.untouched() and waiting(stack.aws.companies) == []


@pytest.mark.parametrize(("answers", "status"), [(["n"], 1), ([], 2)], ids=str)
def test_what_nobody_agreed_to_stays_where_it_is(
    stack: LocalStack, operator: OperatorLine, answers: list[str], status: int
) -> None:
    stack.plan()
    died(stack)

    shown = operator("redrive", answers=answers)

    assert shown.exit_code == status
    assert groups(waiting(stack.aws.dead)) == {str(ALDER), str(XENON)}
    assert waiting(stack.aws.companies) == []


def test_a_message_that_is_not_ours_is_shown_and_stays(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.plan()
    died(stack)
    boto3.client("sqs").send_message(
        QueueUrl=stack.aws.dead,
        MessageBody="by [hand]",
        MessageGroupId="x",
        MessageDeduplicationId="x",
    )

    shown = operator("redrive", "--yes")

    assert shown.exit_code == 0
    assert "by [hand]" in shown.stdout and "no message of ours" in shown.stdout
    assert "Moved: 2 of 2 messages." in shown.stdout
    assert groups(waiting(stack.aws.dead)) == {"x"}
    assert groups(waiting(stack.aws.companies)) == {str(ALDER), str(XENON)}


def test_an_empty_queue_is_reported(stack: LocalStack, operator: OperatorLine) -> None:
    assert operator("redrive").stdout == "The dead-letter queue is empty.\n"


def test_cut_off_between_sending_and_deleting_nothing_is_lost_or_sent_twice(
    stack: LocalStack, operator: OperatorLine, clock: Any
) -> None:
    stack.plan()
    died(stack)
    letters = DeadLetters(_Queues(stack))
    chosen = frozenset(letter.id for letter in letters.look())

    cut_off = CutOff("sqs", "DeleteMessage")
    with stack.memory.listening(cut_off), pytest.raises(EndpointConnectionError):
        list(letters.move(chosen))
    assert len(waiting(stack.aws.companies)) == 1
    clock.shift(150)
    shown = operator("redrive", "--yes")

    assert "Moved: 2 of 2 messages." in shown.stdout
    assert len(waiting(stack.aws.companies)) == 2 and waiting(stack.aws.dead) == []
    assert ended(stack).wrote == 2


class _Queues:
    """The stack as the command knows it: its two queues."""

    def __init__(self, stack: LocalStack) -> None:
        self._addresses = {"Queue": stack.aws.companies, "DeadLetterQueue": stack.aws.dead}

    def client(self, service: str) -> Any:
        return boto3.client("sqs")

    def output(self, key: str) -> str:
        return self._addresses[key]
