"""Two policies to attach to the people who operate the stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.functions import Functions
from infra.resources import Resources

_READ_ITEMS = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query")
_DEAD_LETTERS = ("sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage")


class OperatorPolicies(Construct):
    """`reader` may read and preview; `approver` may also do all that an operator decides.

    Neither may read a secret, and neither is attached to anyone by the stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stack_name: str,
        functions: Functions,
        resources: Resources,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        reader = [*self._stack_outputs(stack_name), *_reader_statements(functions, resources, key)]
        self.reader = iam.ManagedPolicy(
            self,
            "Reader",
            description=f"{stack_name}: preview, forecast, show, reports; writes nothing",
            statements=reader,
        )
        self.approver = iam.ManagedPolicy(
            self,
            "Approver",
            description=(
                f"{stack_name}: what a reader may, and sync, release, decline, undo, stop, settings"
            ),
            statements=[*reader, *_approver_statements(functions, resources, key)],
        )

    def _stack_outputs(self, stack_name: str) -> list[iam.PolicyStatement]:
        """The outputs, by which the command line finds everything else."""
        stack = Stack.of(self).format_arn(
            service="cloudformation", resource="stack", resource_name=f"{stack_name}/*"
        )
        return [_may("cloudformation:DescribeStacks", on=[stack])]


def _reader_statements(
    functions: Functions, resources: Resources, key: kms.IKey | None
) -> list[iam.PolicyStatement]:
    tables, bucket = resources.tables, resources.reports
    invoked = (functions.sync_preview, functions.permission_check)
    return [
        _may("lambda:InvokeFunction", on=[function.function_arn for function in invoked]),
        _may(*_READ_ITEMS, on=[tables.config.table_arn, tables.ledger.table_arn]),
        _may("s3:ListBucket", on=[bucket.bucket_arn]),
        _may("s3:GetObject", on=[bucket.arn_for_objects("*")]),
        *([_may("kms:Decrypt", on=[key.key_arn])] if key else []),
    ]


def _approver_statements(
    functions: Functions, resources: Resources, key: kms.IKey | None
) -> list[iam.PolicyStatement]:
    config, ledger = resources.tables.config.table_arn, resources.tables.ledger.table_arn
    changing = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
    return [
        _may("lambda:InvokeFunction", on=[functions.test_sync.function_arn]),
        _may(*changing, "dynamodb:ConditionCheckItem", on=[config]),
        # Dead letters go back to company-sync; a message sent twice does no harm.
        _may(*_DEAD_LETTERS, on=[resources.companies.dead_letters.queue_arn]),
        _may("sqs:SendMessage", on=[resources.companies.queue.queue_arn]),
        # A subscription that is confirmed by a user is not ended by a link in a mail.
        _may("sns:ConfirmSubscription", on=[resources.topic.topic_arn]),
        _may("sns:ConfirmSubscription", on=[resources.alarm_topic.topic_arn]),
        # Importing usage adds items to an invoice; runs and audit cannot be written.
        _may("dynamodb:ConditionCheckItem", on=[ledger]),
        _may(
            *("dynamodb:PutItem", "dynamodb:BatchWriteItem"),
            on=[ledger],
            only_if={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["INVOICE#*"]}},
        ),
        _may(
            "dynamodb:UpdateItem",
            on=[ledger],
            only_if={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["COUNTER"]}},
        ),
        *([_may("kms:GenerateDataKey", on=[key.key_arn])] if key else []),
    ]


def _may(
    *actions: str, on: Sequence[str], only_if: Mapping[str, Mapping[str, object]] | None = None
) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(on), conditions=only_if)
