"""Faults of AWS: calls that it rejects, and calls that it accepts only in part."""

from typing import Any

from tests.aws.faults import Answered, Part
from tests.aws.memory import Params
from tests.integration.local_aws import aws_client
from tests.integration.local_stack import REMEMBERING, LocalStack
from tests.reliability.faults import Strike, Trouble


def one_item_unprocessed() -> Part:
    """A batch of the ledger of which DynamoDB leaves the last item to be sent again."""

    def report(reply: Params, item: Any) -> None:
        reply["UnprocessedItems"] = {"ledger": [item]}

    return Part(
        "ledger", "BatchWriteItem", lambda asked: asked["RequestItems"]["ledger"].pop(), report
    )


def one_message_failed() -> Part:
    """A batch of messages of which SQS rejects the last one."""

    def report(reply: Params, entry: Any) -> None:
        failed = {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"}
        reply.setdefault("Failed", []).append(failed)

    return Part("sqs", "SendMessageBatch", lambda asked: asked["Entries"].pop(), report)


def no_event_taken() -> Answered:
    """EventBridge answers 200 and accepts none of the events, as when it throttles."""
    entry = {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}
    answer = {"FailedEntryCount": 1, "Entries": [entry]}
    return Answered("events", ("PutEvents",), answer)


def aws_trouble(name: str, fault: Answered | Part, **fields: Any) -> Trouble:
    """A trouble with AWS that strikes fresh containers."""

    def strikes(stack: LocalStack) -> None:
        cold(stack)
        stack.memory.listen(fault)

    def passes(stack: LocalStack) -> None:
        over(stack, fault)

    return Trouble(name, strikes, passes, **fields)


def over(stack: LocalStack, fault: Answered | Part) -> None:
    """The trouble ends; it must have struck."""
    struck = fault.struck == fault.times if isinstance(fault, Part) else fault.asked > fault.spared
    assert struck, f"{fault.service} did all that was asked of it"
    stack.memory.stop_listening(fault)


def cold(_: LocalStack) -> None:
    """Every function begins in a fresh container, with no secret kept."""
    for handler in REMEMBERING:
        handler.composed.cache_clear()


def secret_becomes(name: str, value: object) -> Strike:
    """A person stores another value."""

    def strike(stack: LocalStack) -> None:
        cold(stack)
        stack.put_secret(name, value)

    return strike


def secret_is_deleted(name: str) -> Strike:
    """A person schedules the secret for deletion."""

    def strike(stack: LocalStack) -> None:
        cold(stack)
        aws_client("secretsmanager").delete_secret(SecretId=name)

    return strike


def secrets_are_right(stack: LocalStack) -> None:
    """Both secrets exist and have their values."""
    for name in ("huntress", "connectwise"):
        aws_client("secretsmanager").restore_secret(SecretId=name)
    stack.put_huntress_secret()
    stack.put_connectwise_secret()
