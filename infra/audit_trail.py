"""Who invoked the functions that people invoke, by CloudTrail: its usual trails omit it."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.reports import private_bucket


class AuditTrail(Construct):
    """A trail of these functions' invocations and nothing else, in a bucket that outlives it.

    Invoke is a data event, which CloudTrail records only where a trail selects it
    (docs: CloudTrail User Guide, Logging data events).
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        functions: Sequence[lambda_.IFunction],
        retention: Duration,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = private_bucket(self, retention=retention, key=key)
        trail = cloudtrail.Trail(
            self,
            "Trail",
            bucket=self.bucket,
            enable_file_validation=True,
            include_global_service_events=False,
            is_multi_region_trail=False,
            management_events=cloudtrail.ReadWriteType.NONE,
        )
        trail.add_lambda_event_selector(list(functions), include_management_events=False)
