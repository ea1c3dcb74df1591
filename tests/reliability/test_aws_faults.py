"""Every kind of fault in AWS: a rejected call is done later, once, and nothing is lost."""

import pytest

from tests.aws.faults import refused
from tests.reliability.aws_troubles import (
    aws_trouble,
    no_event_taken,
    one_item_unprocessed,
    one_message_failed,
    secret_becomes,
    secret_is_deleted,
    secrets_are_right,
)
from tests.reliability.faults import Trouble, When, live_through

PLANNING, APPLYING = {"when": When.BEFORE_PLANNING}, {"when": When.BEFORE_APPLYING}
READS, TRANSACTION = ("GetItem", "Query"), "TransactWriteItems"
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", TRANSACTION)
CONFLICT = {"reasons": ("None", "TransactionConflict")}
TOO_MANY = "ProvisionedThroughputExceededException"


def ledger(when: When) -> tuple[Trouble, ...]:
    """All that DynamoDB may answer, at one moment."""
    troubles = {
        "reads-throttled": refused("ledger", TOO_MANY, *READS),
        "writes-throttled": refused("ledger", TOO_MANY, *WRITES),
        "too-many-requests": refused("ledger", "ThrottlingException"),
        "transactions-throttled": refused(
            "ledger", "TransactionCanceledException", TRANSACTION, reasons=("ThrottlingError",)
        ),
        "transaction-conflict": refused(
            "ledger", "TransactionCanceledException", TRANSACTION, **CONFLICT
        ),
        "transaction-in-progress": refused("ledger", "TransactionInProgressException", TRANSACTION),
        "item-too-large": refused("ledger", "ValidationException", TRANSACTION),
        "internal-error": refused("ledger", "InternalServerError"),
        "denied": refused("ledger", "AccessDeniedException"),
    }
    return tuple(
        aws_trouble(f"ledger-{name}-{when.replace(' ', '-')}", fault, when=when)
        for name, fault in troubles.items()
    )


AFTER_THE_WRITE = tuple(
    aws_trouble(
        f"ledger-{code}-after-the-write",
        refused("ledger", code, TRANSACTION, spared=1, **CONFLICT),
        **APPLYING,
    )
    for code in ("TransactionCanceledException", "InternalServerError", "AccessDeniedException")
)
LEDGER = (*ledger(When.BEFORE_PLANNING), *ledger(When.BEFORE_APPLYING), *AFTER_THE_WRITE)
ELSEWHERE = (
    aws_trouble("one-item-of-a-batch-unprocessed", one_item_unprocessed(), **PLANNING),
    aws_trouble("config-denied", refused("config", "AccessDeniedException"), **PLANNING),
    aws_trouble("config-throttled", refused("config", TOO_MANY), **PLANNING),
    aws_trouble("queue-denied", refused("sqs", "AccessDenied"), **PLANNING),
    aws_trouble("queue-down", refused("sqs", "ServiceUnavailable"), **PLANNING),
    aws_trouble("one-message-of-a-batch-failed", one_message_failed(), **PLANNING),
    aws_trouble("bus-denied-when-invoice", refused("events", "AccessDeniedException")),
    aws_trouble("bus-denied-when-closing", refused("events", "AccessDeniedException"), **APPLYING),
    aws_trouble("bus-takes-no-invoice", no_event_taken()),
    aws_trouble("bus-takes-no-end", no_event_taken(), **APPLYING),
    aws_trouble("bucket-denied", refused("s3", "AccessDenied"), **APPLYING),
    aws_trouble("bucket-slow", refused("s3", "SlowDown"), **APPLYING),
    aws_trouble("topic-denied", refused("sns", "AuthorizationError"), **APPLYING),
    aws_trouble("topic-gone", refused("sns", "NotFound"), **APPLYING),
)


def secret(name: str, when: When) -> tuple[Trouble, ...]:
    """All that may be wrong with a secret; each message names the secret."""
    wrong = {
        "empty-object": (secret_becomes(name, {}), "is wrong or missing: "),
        "garbage": (secret_becomes(name, "hunter2"), "has no JSON value"),
        "deleted": (secret_is_deleted(name), "cannot be read: InvalidRequestException"),
    }
    refusals = {
        "never-filled": ("ResourceNotFoundException", "has no JSON value"),
        "denied": ("AccessDeniedException", "cannot be read: AccessDeniedException"),
        "key-denied": ("DecryptionFailure", "cannot be read: DecryptionFailure"),
        "throttled": ("ThrottlingException", "could not be read: ThrottlingException"),
    }
    return tuple(
        Trouble(
            f"{name}-{case}", strikes, secrets_are_right, when=when, message=f"Secret {name} {why}"
        )
        for case, (strikes, why) in wrong.items()
    ) + tuple(
        aws_trouble(
            f"{name}-{case}",
            refused("secretsmanager", code, "GetSecretValue"),
            when=when,
            message=why,
        )
        for case, (code, why) in refusals.items()
    )


SECRETS = (
    *secret("huntress", When.BEFORE_PLANNING),
    *secret("connectwise", When.BEFORE_APPLYING),
)


@pytest.mark.parametrize("trouble", LEDGER, ids=lambda trouble: trouble.name)
def test_what_the_ledger_does_not_take_is_done_later_and_once(trouble: Trouble) -> None:
    live_through(trouble)


@pytest.mark.parametrize("trouble", ELSEWHERE, ids=lambda trouble: trouble.name)
def test_what_the_rest_of_aws_does_not_take_is_done_later_and_once(trouble: Trouble) -> None:
    live_through(trouble)


@pytest.mark.parametrize("trouble", SECRETS, ids=lambda trouble: trouble.name)
def test_a_secret_that_cannot_be_used_is_named_and_costs_only_time(trouble: Trouble) -> None:
    live_through(trouble)
