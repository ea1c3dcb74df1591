"""The AWS that the stack stands on, emulated: two tables, a bus, a queue, a bucket, a topic."""

import json
import os
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3

from tests.aws.memory import unheard

VISIBILITY, RETENTION = "1800", str(14 * 24 * 3600)
MOST_RECEIVES = 20


@dataclass(frozen=True, slots=True)
class LocalAws:
    """Addresses of the queues: companies, dead letters, what the bus delivers, what people get."""

    companies: str
    dead: str
    bus: str
    notices: str


@cache
def aws_client(service: str) -> Any:
    """A client of whoever is not a function of ours; made once, which takes longer than a call."""
    return unheard(boto3.client(service))


@cache
def aws_table(name: str) -> Any:
    """A table, for whoever is not a function of ours."""
    table = boto3.resource("dynamodb").Table(name)
    unheard(table.meta.client)
    return table


def local_aws() -> LocalAws:
    """Make everything that the deployed stack makes, and tell the functions as it would."""
    for name in ("config", "ledger"):
        _table(name)
    for name in ("huntress", "connectwise"):
        aws_client("secretsmanager").create_secret(Name=name)
    aws_client("s3").create_bucket(Bucket="reports")
    companies, dead = _companies()
    bus, topic, notices = _bus(), aws_client("sns").create_topic(Name="n")["TopicArn"], _queue()
    alarms = aws_client("sns").create_topic(Name="alarms")["TopicArn"]
    for each in (topic, alarms):
        aws_client("sns").subscribe(TopicArn=each, Protocol="sqs", Endpoint=_arn(notices))
    os.environ |= {
        "CONFIG_TABLE": "config",
        "LEDGER_TABLE": "ledger",
        "QUEUE_URL": companies,
        "BUS_NAME": "bus",
        "HUNTRESS_SECRET": "huntress",
        "CONNECTWISE_SECRET": "connectwise",
        "REPORT_BUCKET": "reports",
        "TOPIC_ARN": topic,
        "ALARM_TOPIC_ARN": alarms,
        "ALLOW_LOOPBACK": "1",
    }
    return LocalAws(companies, dead, bus, notices)


def _table(name: str) -> None:
    aws_client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
    )


def _companies() -> tuple[str, str]:
    sqs = aws_client("sqs")
    fifo = {"FifoQueue": "true"}
    dead = sqs.create_queue(QueueName="dead.fifo", Attributes=fifo)["QueueUrl"]
    redrive = {"deadLetterTargetArn": _arn(dead), "maxReceiveCount": MOST_RECEIVES}
    companies = sqs.create_queue(
        QueueName="companies.fifo",
        Attributes={
            **fifo,
            "VisibilityTimeout": VISIBILITY,
            "MessageRetentionPeriod": RETENTION,
            "RedrivePolicy": json.dumps(redrive),
        },
    )
    return companies["QueueUrl"], dead


def _bus() -> str:
    """A bus with one rule, for everything, to a queue that the tests deliver from."""
    events = aws_client("events")
    events.create_event_bus(Name="bus")
    url = aws_client("sqs").create_queue(QueueName="bus-events")["QueueUrl"]
    pattern = json.dumps({"source": ["billing-sync"]})
    events.put_rule(Name="all", EventBusName="bus", EventPattern=pattern)
    targets = [{"Id": "queue", "Arn": _arn(url)}]
    events.put_targets(Rule="all", EventBusName="bus", Targets=targets)
    return str(url)


def _queue() -> str:
    return str(aws_client("sqs").create_queue(QueueName="notices")["QueueUrl"])


def _arn(url: str) -> str:
    reply = aws_client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(reply["Attributes"]["QueueArn"])
