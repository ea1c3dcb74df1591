"""The notification topic: messages to its subscribers, and who they are."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from billing_sync.domain.errors import PermissionDenied, Retryable
from billing_sync.domain.runs.audience import Subscribers

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

SUBJECT_MOST = 100  # SNS accepts fewer than 100 ASCII characters as a subject
TEXT_MOST = 200_000  # and 256 KB as a message, in bytes
_NOT_CONFIRMED = frozenset({"PendingConfirmation", "Deleted"})  # in place of an ARN


class NoticeTopic:
    """A topic of the stack, by its ARN."""

    def __init__(self, client: "SNSClient", *, arn: str) -> None:
        self._client = client
        self._arn = arn

    def publish(self, subject: str, text: str) -> None:
        """Publish a plain text message; the subject is cut to the length that SNS accepts."""
        plain = " ".join(subject.encode("ascii", "replace").decode().split())
        self._client.publish(
            TopicArn=self._arn,
            Subject=plain[: SUBJECT_MOST - 1],
            Message=text.encode()[:TEXT_MOST].decode(errors="ignore"),
        )

    def subscribers(self) -> Subscribers:
        """How many confirmed, and the endpoints that have not.

        Raises `PermissionDenied` or `Retryable`.
        """
        confirmed, pending = 0, list[str]()
        try:
            pages = self._client.get_paginator("list_subscriptions_by_topic")
            for page in pages.paginate(TopicArn=self._arn):
                for subscription in page["Subscriptions"]:
                    if subscription["SubscriptionArn"] not in _NOT_CONFIRMED:
                        confirmed += 1
                    elif subscription["SubscriptionArn"] != "Deleted":
                        pending.append(subscription["Endpoint"])
        except ClientError as error:
            failure = error.response["Error"]
            message = f"SNS says {failure['Code']}: {failure.get('Message', '')}"
            denied = failure["Code"] in {"AuthorizationError", "AccessDenied"}
            raise (PermissionDenied if denied else Retryable)(message) from error
        return Subscribers(confirmed, tuple(pending))
