"""The alarms, each with the first step to take."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct


class Alarms(Construct):
    """Every alarm notifies the topic; its description starts with the first step to take."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stack_name: str, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, construct_id)
        self._stack_name = stack_name
        self._action = actions.SnsAction(topic)

    def on_event(self, name: str, *, service: str, metric: str, first: str) -> None:
        """When a function counted this at least once in five minutes."""
        counted = self._metric(metric, service, "Sum", Duration.minutes(5))
        self._alarm(name, counted, first=first)

    def on_age(self, name: str, *, service: str, metric: str, first: str, over_days: int) -> None:
        """When a function reports more than `over_days` days."""
        self._alarm(
            name,
            self._metric(metric, service, "Maximum", Duration.hours(1)),
            first=first,
            threshold=over_days,
            comparison=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        )

    def on_silence(self, name: str, *, service: str, metric: str, first: str, hours: int) -> None:
        """When a function has not counted this for so many hours; missing data is a breach."""
        self._alarm(
            name,
            self._metric(metric, service, "Sum", Duration.hours(1)),
            first=first,
            periods=hours,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            missing=cloudwatch.TreatMissingData.BREACHING,
        )

    def on_messages(self, name: str, *, queue: sqs.IQueue, first: str) -> None:
        """When a queue that should be empty has a message."""
        waiting = queue.metric_approximate_number_of_messages_visible(
            period=Duration.minutes(5), statistic="Maximum"
        )
        self._alarm(name, waiting, first=first)

    def on_errors(self, name: str, *, function: lambda_.IFunction, first: str, count: int) -> None:
        """When a function fails too often within an hour to be a temporary failure."""
        errors = function.metric_errors(period=Duration.hours(1), statistic="Sum")
        self._alarm(name, errors, first=first, threshold=count)

    def _metric(
        self, metric: str, service: str, statistic: str, period: Duration
    ) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self._stack_name,
            metric_name=metric,
            dimensions_map={"service": service},
            statistic=statistic,
            period=period,
        )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.Metric,
        *,
        first: str,
        threshold: int = 1,
        periods: int = 1,
        comparison: cloudwatch.ComparisonOperator = (
            cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        ),
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{self._stack_name}-{name}",
            alarm_description=first,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=comparison,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self._action)
