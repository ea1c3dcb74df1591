"""The customer managed key, for deployments that require one."""

from __future__ import annotations

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct


class EncryptionKey(Construct):
    """One key for tables, reports, notices, queues, secrets and logs.

    It does not extend a function's access, which the grants on the resources decide.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stack_name: str) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            description=f"{stack_name}: tables, reports, notices, queues, secrets and logs",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        same_account = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        self._let("cloudwatch.amazonaws.com", conditions=same_account)
        # No condition here: AWS does not send aws:SourceAccount or aws:SourceArn when
        # EventBridge writes to an encrypted queue (docs: SQS Developer Guide, Key management).
        self._let("events.amazonaws.com", conditions=None)
        trails = f"arn:{Aws.PARTITION}:cloudtrail:{Aws.REGION}:{Aws.ACCOUNT_ID}:trail/*"
        self._let("cloudtrail.amazonaws.com", conditions={"ArnLike": {"aws:SourceArn": trails}})
        log_groups = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:*"
        self._let(
            f"logs.{Aws.REGION}.amazonaws.com",
            conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
        )

    def _let(self, service: str, *, conditions: dict[str, dict[str, str]] | None) -> None:
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(service)],
                actions=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:DescribeKey"],
                resources=["*"],
                conditions=conditions,
            )
        )
