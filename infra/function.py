"""One Lambda function with its own role and its own log group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.dependencies import ROOT
from infra.deployment_settings import DeploymentSettings
from infra.layers import NOT_SHIPPED

_RETENTION = {
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    731: logs.RetentionDays.TWO_YEARS,
    1827: logs.RetentionDays.FIVE_YEARS,
    3653: logs.RetentionDays.TEN_YEARS,
}
_ARCHITECTURE = {"x86_64": lambda_.Architecture.X86_64, "arm64": lambda_.Architecture.ARM_64}


@dataclass(frozen=True, slots=True)
class FunctionDefaults:
    """What all functions of one stack have in common."""

    settings: DeploymentSettings
    layers: Sequence[lambda_.ILayerVersion]
    key: kms.IKey | None

    def name(self, function: str) -> str:
        """The function's name in AWS, so that two stacks fit in one account."""
        return f"{self.settings.stack_name}-{function}"


class SyncFunction(Construct):
    """The code of functions/<name>; until something is granted it can only log and trace."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        timeout: Duration,
        environment: Mapping[str, str],
        defaults: FunctionDefaults,
    ) -> None:
        super().__init__(scope, construct_id)
        settings = defaults.settings
        log_group = self._log_group(defaults, name=name)
        # Not the managed policy CDK would attach: that one may write to any log group.
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=defaults.name(name),
            code=lambda_.Code.from_asset(
                str(ROOT / "functions" / name.replace("-", "_")), exclude=NOT_SHIPPED
            ),
            handler="handler.handler",
            runtime=lambda_.Runtime(settings.runtime, lambda_.RuntimeFamily.PYTHON),
            architecture=_ARCHITECTURE[settings.architecture],
            layers=defaults.layers,
            memory_size=512,
            timeout=timeout,
            role=role,
            tracing=lambda_.Tracing.ACTIVE,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            environment={
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_METRICS_NAMESPACE": settings.stack_name,
                **environment,
            },
        )

    def _log_group(self, defaults: FunctionDefaults, *, name: str) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/{defaults.name(name)}",
            retention=_RETENTION[defaults.settings.log_retention_days],
            encryption_key=defaults.key,
            # Its name is fixed: a retained one would stop the next deployment.
            removal_policy=RemovalPolicy.DESTROY,
        )

    def keep_failed_events(self, queue: sqs.IQueue) -> None:
        """For what events invoke: AWS tries three times, then keeps the event in `queue`."""
        self.function.configure_async_invoke(
            retry_attempts=2,
            max_event_age=Duration.hours(6),
            on_failure=destinations.SqsDestination(queue),
        )
