"""The schedules: the watch for invoices, and the daily check."""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct


class Schedules(Construct):
    """A lost tick does no harm, because the next one does the same; so retries are few."""

    def __init__(self, scope: Construct, construct_id: str, *, undelivered: sqs.IQueue) -> None:
        super().__init__(scope, construct_id)
        self._undelivered = undelivered

    def watch(self, function: lambda_.IFunction, *, every_minutes: int) -> None:
        """Look for invoices, sweep what is under way."""
        self._schedule(
            "Watch",
            scheduler.ScheduleExpression.rate(Duration.minutes(every_minutes)),
            function=function,
            event={"action": "tick"},
        )

    def check_daily(self, function: lambda_.IFunction) -> None:
        """Check credentials, permissions and set-up, before office hours in Europe."""
        self._schedule(
            "DailyCheck",
            scheduler.ScheduleExpression.cron(hour="5", minute="17"),
            function=function,
            event={},
        )

    def _schedule(
        self,
        name: str,
        expression: scheduler.ScheduleExpression,
        *,
        function: lambda_.IFunction,
        event: dict[str, str],
    ) -> None:
        role = iam.Role(
            self,
            f"{name}Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            ),
        )
        # The target would allow sending but not, where the queue has one, using its key.
        self._undelivered.grant_send_messages(role)
        scheduler.Schedule(
            self,
            name,
            schedule=expression,
            target=targets.LambdaInvoke(
                function,
                role=role,
                input=scheduler.ScheduleTargetInput.from_object(event),
                dead_letter_queue=self._undelivered,
                retry_attempts=2,
                max_event_age=Duration.minutes(15),
            ),
        )
