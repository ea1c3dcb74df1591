"""Who is subscribed to the notification topic, as SNS tells it."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from billing_sync.adapters.aws.notices import NoticeTopic
from billing_sync.domain.errors import PermissionDenied, Retryable
from billing_sync.domain.runs.audience import Subscribers

TOPIC = "arn:aws:sns:us-east-1:111122223333:topic"


@pytest.fixture
def sns() -> Iterator[tuple[Any, Stubber]]:
    client = boto3.client("sns")
    with Stubber(client) as stubber:
        yield client, stubber


def subscription(endpoint: str, arn: str = f"{TOPIC}:1") -> dict[str, str]:
    return {"SubscriptionArn": arn, "Endpoint": endpoint, "Protocol": "email"}


def test_who_has_not_confirmed_is_told_apart_on_every_page(sns: tuple[Any, Stubber]) -> None:
    client, stubber = sns
    first = [subscription("ann@x.org"), subscription("bob@x.org", "PendingConfirmation")]
    last = [subscription("eve@x.org", "Deleted"), subscription("kim@x.org")]
    stubber.add_response("list_subscriptions_by_topic", {"Subscriptions": first, "NextToken": "2"})
    stubber.add_response("list_subscriptions_by_topic", {"Subscriptions": last})

    found = NoticeTopic(client, arn=TOPIC).subscribers()

    assert found == Subscribers(confirmed=2, pending=("bob@x.org",))


@pytest.mark.parametrize(
    ("code", "kind"), [("AuthorizationError", PermissionDenied), ("Throttled", Retryable)]
)
def test_what_sns_refuses_is_told(
    sns: tuple[Any, Stubber], code: str, kind: type[Exception]
) -> None:
    client, stubber = sns
    stubber.add_client_error("list_subscriptions_by_topic", code, "no")

    with pytest.raises(kind, match=f"SNS says {code}: no"):
        NoticeTopic(client, arn=TOPIC).subscribers()
