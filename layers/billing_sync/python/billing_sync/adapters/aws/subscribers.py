"""Who is subscribed to the notification topic."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from billing_sync.domain.checks.check import Subscribers
from billing_sync.domain.errors import PermissionDenied, Retryable

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

_NOT_CONFIRMED = frozenset({"PendingConfirmation", "Deleted"})  # in place of an ARN


class TopicSubscribers:
    """Reads them; raises `PermissionDenied` or `Retryable`."""

    def __init__(self, client: "SNSClient", *, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def subscribers(self) -> Subscribers:
        """How many confirmed, and the endpoints that have not."""
        confirmed, pending = 0, list[str]()
        try:
            pages = self._client.get_paginator("list_subscriptions_by_topic")
            for page in pages.paginate(TopicArn=self._topic_arn):
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
