"""What the product asks of SQS, EventBridge and SNS: each script is a sentence of the contract."""

import json

from tests.aws.contract import Difference, Script, Session, plain
from tests.aws.scripts.table import (
    Item,
)


def queue(aws: Session, name: str = "q.fifo", **attributes: str) -> str:
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    reply = aws("sqs", "create_queue", QueueName=name, Attributes={**fifo, **attributes})
    return str(reply["QueueUrl"])


def send(aws: Session, url: str, body: str, group: str = "g") -> None:
    ids = {"MessageGroupId": group, "MessageDeduplicationId": f"{group}:{body}"}
    aws("sqs", "send_message", QueueUrl=url, MessageBody=body, **ids)


def receive(aws: Session, url: str, most: int = 10) -> list[Item]:
    """Received messages; of each answer only what a consumer reads is compared."""
    reply = aws(
        "sqs", "receive_message", QueueUrl=url, MaxNumberOfMessages=most, AttributeNames=["All"]
    )
    messages = reply.get("Messages", [])
    compared = ("ApproximateReceiveCount", "MessageGroupId", "MessageDeduplicationId")
    aws.answers[-1] = [
        [plain(one["Body"]), [one["Attributes"].get(name) for name in compared]] for one in messages
    ]
    return messages


def counts(aws: Session, url: str) -> None:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    aws("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=names)


def a_group_keeps_its_order_and_waits_for_what_is_in_flight(aws: Session) -> None:
    url = queue(aws)
    for body, group in (("1", "a"), ("2", "a"), ("3", "b")):
        send(aws, url, body, group)
    (first,) = receive(aws, url, most=1)
    receive(aws, url, most=1)
    receive(aws, url)
    counts(aws, url)
    aws("sqs", "delete_message", QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    receive(aws, url)
    counts(aws, url)


def the_same_message_within_five_minutes_is_one(aws: Session) -> None:
    url = queue(aws)
    send(aws, url, "1")
    send(aws, url, "1")
    counts(aws, url)
    aws.clock.shift(301)
    send(aws, url, "1")
    counts(aws, url)


def a_message_reappears_after_its_visibility_and_counts_its_receives(aws: Session) -> None:
    url = queue(aws, VisibilityTimeout="60")
    send(aws, url, "1")
    receive(aws, url)
    aws.clock.shift(59)
    receive(aws, url)
    aws.clock.shift(2)
    receive(aws, url)


def visibility_is_changed_up_to_twelve_hours_from_the_receive(aws: Session) -> None:
    url = queue(aws, "plain", VisibilityTimeout="60")
    aws("sqs", "send_message", QueueUrl=url, MessageBody="1")
    (message,) = receive(aws, url)
    change = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
    aws("sqs", "change_message_visibility", **change, VisibilityTimeout=3600)
    aws.clock.shift(1800)
    receive(aws, url)
    aws("sqs", "change_message_visibility", **change, VisibilityTimeout=43_000)
    aws("sqs", "change_message_visibility", **change, VisibilityTimeout=0)
    aws.clock.shift(1)
    receive(aws, url)


def a_message_received_too_often_is_a_dead_letter(aws: Session) -> None:
    dead = queue(aws, "dead.fifo")
    arn = aws("sqs", "get_queue_attributes", QueueUrl=dead, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": 2}
    url = queue(aws, VisibilityTimeout="10", RedrivePolicy=json.dumps(policy))
    send(aws, url, "1", "a")
    send(aws, url, "2", "b")
    for _ in range(3):
        receive(aws, url)
        aws.clock.shift(11)
    counts(aws, url)
    receive(aws, dead)


def a_batch_of_messages_is_at_most_ten(aws: Session) -> None:
    url = queue(aws)
    entries = [
        {
            "Id": str(n),
            "MessageBody": str(n),
            "MessageGroupId": str(n % 2),
            "MessageDeduplicationId": str(n),
        }
        for n in range(11)
    ]
    aws("sqs", "send_message_batch", QueueUrl=url, Entries=entries)
    aws("sqs", "send_message_batch", QueueUrl=url, Entries=[entries[0], entries[0]])
    aws("sqs", "send_message_batch", QueueUrl=url, Entries=entries[:10])
    receive(aws, url)


def a_purged_queue_is_empty(aws: Session) -> None:
    url = queue(aws, "plain")
    aws("sqs", "send_message", QueueUrl=url, MessageBody="1")
    receive(aws, url)
    aws("sqs", "send_message", QueueUrl=url, MessageBody="2")
    aws("sqs", "purge_queue", QueueUrl=url)
    counts(aws, url)


def a_fifo_message_has_a_group(aws: Session) -> None:
    url = queue(aws)
    aws("sqs", "send_message", QueueUrl=url, MessageBody="1", MessageDeduplicationId="1")


def a_queue_that_is_not_there_is_named_so(aws: Session) -> None:
    url = queue(aws).replace("q.fifo", "nobody.fifo")
    aws("sqs", "receive_message", QueueUrl=url)


def arn_of(aws: Session, url: str) -> str:
    reply = aws("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["QueueArn"])
    return str(reply["Attributes"]["QueueArn"])


def event(detail: str, source: str = "ours") -> Item:
    return {"EventBusName": "bus", "Source": source, "DetailType": "Thing Done", "Detail": detail}


def bus(aws: Session) -> str:
    url = queue(aws, "events")
    aws("events", "create_event_bus", Name="bus")
    pattern = json.dumps({"source": ["ours"]})
    aws("events", "put_rule", Name="all", EventBusName="bus", EventPattern=pattern)
    targets = [{"Id": "queue", "Arn": arn_of(aws, url)}]
    aws("events", "put_targets", Rule="all", EventBusName="bus", Targets=targets)
    aws.answers.clear()
    return url


def an_event_reaches_the_targets_of_its_rules(aws: Session) -> None:
    url = bus(aws)
    aws("events", "put_events", Entries=[event('{"run": 7}'), event("{}", source="theirs")])
    receive(aws, url)
    receive(aws, url)


def a_malformed_event_is_refused_alone(aws: Session) -> None:
    url = bus(aws)
    aws("events", "put_events", Entries=[event("{"), event("{}")])
    aws.answers[-1] = aws.answers[-1][1]["FailedEntryCount"]  # type: ignore[index]
    receive(aws, url)


def at_most_ten_events_are_put_at_once(aws: Session) -> None:
    bus(aws)
    aws("events", "put_events", Entries=[event("{}")] * 11)


def events_of_more_than_256_kilobytes_are_refused(aws: Session) -> None:
    bus(aws)
    large = json.dumps({"text": "x" * 256 * 1024})
    aws("events", "put_events", Entries=[event(large)])


def a_message_reaches_the_subscribers_of_its_topic(aws: Session) -> None:
    url = queue(aws, "notices")
    topic = aws("sns", "create_topic", Name="n")["TopicArn"]
    aws("sns", "subscribe", TopicArn=topic, Protocol="sqs", Endpoint=arn_of(aws, url))
    aws("sns", "list_subscriptions_by_topic", TopicArn=topic)
    aws("sns", "publish", TopicArn=topic, Subject="Result", Message="Complete.")
    receive(aws, url)
    aws("sns", "publish", TopicArn=topic, Subject="x" * 101, Message="Complete.")
    aws("sns", "delete_topic", TopicArn=topic)
    aws("sns", "list_subscriptions_by_topic", TopicArn=topic)
    aws("sns", "publish", TopicArn=topic, Message="Nobody hears this.")


AGREED: tuple[Script, ...] = (
    a_group_keeps_its_order_and_waits_for_what_is_in_flight,
    the_same_message_within_five_minutes_is_one,
    a_message_reappears_after_its_visibility_and_counts_its_receives,
    visibility_is_changed_up_to_twelve_hours_from_the_receive,
    a_message_received_too_often_is_a_dead_letter,
    a_batch_of_messages_is_at_most_ten,
    a_purged_queue_is_empty,
    a_fifo_message_has_a_group,
    a_queue_that_is_not_there_is_named_so,
    an_event_reaches_the_targets_of_its_rules,
    a_malformed_event_is_refused_alone,
    at_most_ten_events_are_put_at_once,
    a_message_reaches_the_subscribers_of_its_topic,
)
DIFFERENCES: dict[Script, Difference] = {
    events_of_more_than_256_kilobytes_are_refused: Difference(
        "moto takes events of any size",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html",
    ),
}
