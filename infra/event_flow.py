"""The stack's own event bus, and which event invokes which function."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

STARTS_OR_CONTINUES = (
    "Huntress Invoice Created",
    "Billing Sync Requested",
    "Billing Sync Continued",
)
REPORTED = (
    "Billing Sync Finished",
    "Billing Sync Drift Found",
    "Billing Sync Invoice Voided",
    "Billing Sync Reminder",
)


class EventFlow(Construct):
    """Rules match on the detail-type alone: any source that may use the bus may send them."""

    def __init__(self, scope: Construct, construct_id: str, *, stack_name: str) -> None:
        super().__init__(scope, construct_id)
        self.bus = events.EventBus(self, "Bus", event_bus_name=f"{stack_name}-events")

    def deliver(
        self,
        name: str,
        *detail_types: str,
        to: lambda_.IFunction,
        undelivered: sqs.IQueue,
    ) -> None:
        """Invoke a function for these events; what cannot be delivered in a day is kept."""
        events.Rule(
            self,
            name,
            event_bus=self.bus,
            event_pattern=events.EventPattern(detail_type=list(detail_types)),
            targets=[
                targets.LambdaFunction(
                    to,
                    dead_letter_queue=undelivered,
                    retry_attempts=185,
                    max_event_age=Duration.hours(24),
                )
            ],
        )
