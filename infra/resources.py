"""Everything that stores or passes on data, without any grants."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.company_queue import CompanyQueue, DeadLetterQueue
from infra.deployment_settings import DeploymentSettings
from infra.event_flow import EventFlow
from infra.reports import Notifications, ReportBucket
from infra.tables import Tables
from infra.vendor_secrets import VendorSecrets


class Resources(Construct):
    """Tables, secrets, queues, bus, reports and notices of one stack."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: DeploymentSettings,
        visibility_timeout: Duration,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        name = settings.stack_name
        self.tables = Tables(self, "Tables", key=key)
        self.secrets = VendorSecrets(self, "Secrets", stack_name=name, key=key)
        self.companies = CompanyQueue(self, "Work", visibility_timeout=visibility_timeout, key=key)
        self.undelivered_events = DeadLetterQueue(self, "UndeliveredEvents", key=key).queue
        self.undelivered_ticks = DeadLetterQueue(self, "UndeliveredTicks", key=key).queue
        self.failed_events = DeadLetterQueue(self, "FailedEvents", key=key).queue
        self.events = EventFlow(self, "Events", stack_name=name)
        self.reports = ReportBucket(
            self, "Reports", retention=Duration.days(settings.report_retention_days), key=key
        ).bucket
        self.topic = Notifications(
            self, "Notifications", stack_name=name, email=settings.notification_email, key=key
        ).topic
        # Of their own: an alarm says that nobody is subscribed to the notifications.
        self.alarm_topic = Notifications(
            self, "AlarmNotifications", stack_name=name, email=settings.alarm_email, key=key
        ).topic

    @property
    def environment(self) -> dict[str, str]:
        """The environment variable of each resource."""
        return {
            "CONFIG_TABLE": self.tables.config.table_name,
            "LEDGER_TABLE": self.tables.ledger.table_name,
            "QUEUE_URL": self.companies.queue.queue_url,
            "BUS_NAME": self.events.bus.event_bus_name,
            "HUNTRESS_SECRET": self.secrets.huntress.ref,
            "CONNECTWISE_SECRET": self.secrets.connectwise.ref,
            "REPORT_BUCKET": self.reports.bucket_name,
            "TOPIC_ARN": self.topic.topic_arn,
            "ALARM_TOPIC_ARN": self.alarm_topic.topic_arn,
        }
