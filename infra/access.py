"""The grants of the stack; each allows exact actions on one resource."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs


def _allow(
    function: lambda_.IFunction,
    *actions: str,
    on: str,
    only_if: Mapping[str, Mapping[str, object]] | None = None,
) -> None:
    function.add_to_role_policy(
        iam.PolicyStatement(actions=list(actions), resources=[on], conditions=only_if)
    )


def may_read_config(function: lambda_.IFunction, table: dynamodb.ITable) -> None:
    """Settings and mappings are read, never written, by functions."""
    _allow(function, "dynamodb:GetItem", "dynamodb:Query", on=table.table_arn)


def may_read_ledger(function: lambda_.IFunction, table: dynamodb.ITable) -> None:
    """Runs and rows, by key; no function scans."""
    _allow(
        function,
        *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"),
        on=table.table_arn,
    )


def may_update_ledger(function: lambda_.IFunction, table: dynamodb.ITable) -> None:
    """Update items; add none, remove none."""
    _allow(function, "dynamodb:UpdateItem", on=table.table_arn)


def may_add_to_ledger(function: lambda_.IFunction, table: dynamodb.ITable) -> None:
    """Add and update items; remove none."""
    may_update_ledger(function, table)
    _allow(function, "dynamodb:PutItem", on=table.table_arn)


def may_write_ledger(function: lambda_.IFunction, table: dynamodb.ITable) -> None:
    """What planning and applying need, transactions and freed markers included."""
    may_add_to_ledger(function, table)
    _allow(
        function,
        *("dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem"),
        on=table.table_arn,
    )


def may_keep_checks(function: lambda_.IFunction, table: dynamodb.ITable) -> None:
    """The ledger's check items and no others: neither runs nor audit."""
    _allow(
        function,
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        on=table.table_arn,
        only_if={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["CHECK*"]}},
    )


def may_read_written_additions(function: lambda_.IFunction, table: dynamodb.ITable) -> None:
    """What we last wrote to each addition, and no other ledger item."""
    _allow(
        function,
        "dynamodb:Query",
        on=table.table_arn,
        only_if={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ADDITIONS"]}},
    )


def may_read_secret(function: lambda_.IFunction, secret: secretsmanager.CfnSecret) -> None:
    """A vendor's credentials."""
    _allow(function, "secretsmanager:GetSecretValue", on=secret.ref)


def may_send(function: lambda_.IFunction, queue: sqs.IQueue) -> None:
    """Send companies to be applied, and see whether the queue is empty."""
    _allow(function, "sqs:SendMessage", "sqs:GetQueueAttributes", on=queue.queue_arn)


def may_put_events(function: lambda_.IFunction, bus: events.IEventBus) -> None:
    """On the stack's own bus."""
    _allow(function, "events:PutEvents", on=bus.event_bus_arn)


def may_keep_reports(function: lambda_.IFunction, bucket: s3.IBucket) -> None:
    """Write reports, and read them so that a link to one works."""
    _allow(function, "s3:PutObject", "s3:GetObject", on=bucket.arn_for_objects("*"))


def may_notify(function: lambda_.IFunction, topic: sns.ITopic) -> None:
    """Notify the subscribers of the stack's topic."""
    _allow(function, "sns:Publish", on=topic.topic_arn)


def may_see_subscribers(function: lambda_.IFunction, topic: sns.ITopic) -> None:
    """See who is subscribed to the topic."""
    _allow(function, "sns:ListSubscriptionsByTopic", on=topic.topic_arn)


def may_use_key(function: lambda_.IFunction, key: kms.IKey) -> None:
    """What users of an encrypted table, queue, secret or bucket need."""
    _allow(function, "kms:Decrypt", "kms:GenerateDataKey", on=key.key_arn)
