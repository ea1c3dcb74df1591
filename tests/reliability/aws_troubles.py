"""Troubles with AWS, as they strike a stack: calls it refuses, calls it takes only in part."""

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
    """A batch of messages of which SQS does not take the last one."""

    def report(reply: Params, entry: Any) -> None:
        failed = {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"}
        reply.setdefault("Failed", []).append(failed)

    return Part("sqs", "SendMessageBatch", lambda asked: asked["Entries"].pop(), report)


def no_event_taken() -> Answered:
    """EventBridge answers 200 and takes none of the events, as it does when it is throttled."""
    entry = {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}
    answer = {"FailedEntryCount": 1, "Entries": [entry]}
    return Answered("events", ("PutEvents",), answer)


def aws_trouble(name: str, what: Answered | Part, **fields: Any) -> Trouble:
    """A trouble with AWS that strikes fresh containers."""

    def strikes(stack: LocalStack) -> None:
        cold(stack)
        stack.memory.listen(what)

    def passes(stack: LocalStack) -> None:
        over(stack, what)

    return Trouble(name, strikes, passes, **fields)


def over(stack: LocalStack, what: Answered | Part) -> None:
    """The trouble ends; it must have struck."""
    struck = what.struck == what.times if isinstance(what, Part) else what.asked > what.spared
    assert struck, f"{what.service} did all that was asked of it"
    stack.memory.stop_listening(what)


def cold(_: LocalStack) -> None:
    """Every function begins in a fresh container, with no secret kept."""
    for handler in REMEMBERING:
        handler.composed.cache_clear()


def secret_becomes(name: str, value: object) -> Strike:
    """Somebody stores another value."""

    def strike(stack: LocalStack) -> None:
        cold(stack)
        stack.put_secret(name, value)

    return strike


def secret_is_deleted(name: str) -> Strike:
    """Somebody schedules the secret for deletion."""

    def strike(stack: LocalStack) -> None:
        cold(stack)
        aws_client("secretsmanager").delete_secret(SecretId=name)

    return strike


def secrets_are_right(stack: LocalStack) -> None:
    """Both are there and have their values."""
    for name in ("huntress", "connectwise"):
        aws_client("secretsmanager").restore_secret(SecretId=name)
    stack.put_huntress_secret()
    stack.put_connectwise_secret()
