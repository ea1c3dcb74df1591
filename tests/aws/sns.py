"""SNS: topics, their subscriptions, and what is published, delivered to queues."""

import json
from copy import deepcopy
from itertools import count
from typing import Any

from tests.aws.errors import AwsError
from tests.aws.sqs import ACCOUNT, REGION, Sqs

Page = dict[str, Any]
LARGEST_MESSAGE, LONGEST_SUBJECT = 256 * 1024, 100


class Sns:
    """Subscriptions by topic; a queue confirms at once, anybody else never does."""

    def __init__(self, sqs: Sqs) -> None:
        self._sqs = sqs
        self._topics: dict[str, list[Page]] = {}
        self._numbers = count(1)
        self.ended_by_users_only: set[str] = set()  # confirmed so that a link does not end them

    def copied(self) -> Any:
        """What there is now."""
        return deepcopy(self._topics)

    def restore(self, copy: Any) -> None:
        """Go back to such a copy."""
        self._topics = deepcopy(copy)

    def create_topic(self, *, Name: str) -> Page:  # noqa: N803
        """A topic without subscriptions."""
        arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:{Name}"
        self._topics.setdefault(arn, [])
        return {"TopicArn": arn}

    def delete_topic(self, *, TopicArn: str) -> Page:  # noqa: N803
        """The topic is gone, with its subscriptions."""
        self._topics.pop(TopicArn, None)
        return {}

    def subscribe(self, *, TopicArn: str, Protocol: str, Endpoint: str) -> Page:  # noqa: N803
        """A subscription."""
        arn = f"{TopicArn}:{next(self._numbers)}" if Protocol == "sqs" else "PendingConfirmation"
        subscription = {
            "SubscriptionArn": arn,
            "Owner": ACCOUNT,
            "Protocol": Protocol,
            "Endpoint": Endpoint,
            "TopicArn": TopicArn,
        }
        self._topic(TopicArn).append(subscription)
        return {"SubscriptionArn": "pending confirmation" if Protocol != "sqs" else arn}

    def token_of(self, endpoint: str) -> str:
        """The token in the link of the mail that asks an endpoint to confirm."""
        return f"token-of-{endpoint}"

    def confirm_subscription(
        self,
        *,
        TopicArn: str,  # noqa: N803
        Token: str,  # noqa: N803
        AuthenticateOnUnsubscribe: str = "false",  # noqa: N803
    ) -> Page:
        """The endpoint with this token is subscribed."""
        for subscription in self._topic(TopicArn):
            if Token == self.token_of(subscription["Endpoint"]):
                arn = f"{TopicArn}:{next(self._numbers)}"
                subscription["SubscriptionArn"] = arn
                if AuthenticateOnUnsubscribe == "true":
                    self.ended_by_users_only.add(arn)
                return {"SubscriptionArn": arn}
        raise AwsError("InvalidParameter", "Invalid parameter: Token")

    def unsubscribe(self, *, SubscriptionArn: str) -> Page:  # noqa: N803
        """The subscription is gone."""
        for subscriptions in self._topics.values():
            subscriptions[:] = [s for s in subscriptions if s["SubscriptionArn"] != SubscriptionArn]
        return {}

    def list_subscriptions(self) -> Page:
        """All of the account, on one page."""
        return {"Subscriptions": [dict(s) for each in self._topics.values() for s in each]}

    def list_subscriptions_by_topic(self, *, TopicArn: str) -> Page:  # noqa: N803
        """All of a topic, on one page."""
        return {"Subscriptions": [dict(each) for each in self._topic(TopicArn)]}

    def publish(self, *, TopicArn: str, Message: str, Subject: str = "") -> Page:  # noqa: N803
        """A message to every queue that is subscribed."""
        if len(Subject) > LONGEST_SUBJECT or not Subject.isprintable():
            raise AwsError("InvalidParameter", "Invalid parameter: Subject")
        if not Message or len(Message.encode()) > LARGEST_MESSAGE:
            raise AwsError("InvalidParameter", "Invalid parameter: Message too long")
        number = f"00000000-0000-4000-a000-{next(self._numbers):012d}"
        envelope = {"Type": "Notification", "MessageId": number, "TopicArn": TopicArn}
        body = json.dumps({**envelope, "Subject": Subject, "Message": Message})
        for subscription in self._topic(TopicArn):
            if subscription["Protocol"] == "sqs":
                self._sqs.deliver(subscription["Endpoint"], body)
        return {"MessageId": number}

    def _topic(self, arn: str) -> list[Page]:
        if arn not in self._topics:
            raise AwsError("NotFound", "Topic does not exist")
        return self._topics[arn]
