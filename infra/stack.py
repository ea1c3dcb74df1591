"""The whole product in one stack: its resources and its grants."""

from __future__ import annotations

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra import access
from infra.alarm_definitions import set_alarms
from infra.alarms import Alarms
from infra.audit_trail import AuditTrail
from infra.deployment_settings import DeploymentSettings
from infra.encryption import EncryptionKey
from infra.event_flow import REPORTED, STARTS_OR_CONTINUES
from infra.function import FunctionDefaults
from infra.functions import COMPANY_VISIBILITY, Functions
from infra.layers import Layers
from infra.operator_policies import OperatorPolicies
from infra.resources import Resources
from infra.schedules import Schedules

# Companies applied at the same time: ConnectWise allows only so many calls a minute.
COMPANIES_AT_ONCE = 4


class BillingSyncStack(Stack):
    """Bills every ConnectWise agreement for what Huntress counted."""

    def __init__(
        self, scope: Construct, construct_id: str, *, settings: DeploymentSettings
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=settings.stack_name,
            description="Huntress to ConnectWise billing sync",
        )
        key = self._encryption_key(settings)
        resources = Resources(
            self, "Places", settings=settings, visibility_timeout=COMPANY_VISIBILITY, key=key
        )
        functions = Functions(
            self,
            "Functions",
            defaults=FunctionDefaults(
                settings=settings, layers=Layers(self, "Layers", settings=settings).all, key=key
            ),
            environment=resources.environment,
            failed_events=resources.failed_events,
        )
        _grant_vendors_and_tables(functions, resources)
        _grant_messages_and_reports(functions, resources)
        if key:
            for function in functions.all:
                access.may_use_key(function, key)
        if settings.audit_trail:
            AuditTrail(
                self,
                "AuditTrail",
                functions=functions.by_people,
                retention=Duration.days(settings.report_retention_days),
                key=key,
            )
        self._connect(functions, resources, watch_minutes=settings.watch_minutes)
        alarms = Alarms(self, "Alarms", stack_name=settings.stack_name, topic=resources.alarm_topic)
        set_alarms(alarms, functions=functions, resources=resources)
        policies = OperatorPolicies(
            self,
            "People",
            stack_name=settings.stack_name,
            functions=functions,
            resources=resources,
            key=key,
        )
        self._name_outputs(functions, resources, policies)

    def _encryption_key(self, settings: DeploymentSettings) -> kms.IKey | None:
        if not settings.customer_managed_key:
            return None
        return EncryptionKey(self, "Encryption", stack_name=settings.stack_name).key

    def _connect(self, functions: Functions, resources: Resources, *, watch_minutes: int) -> None:
        """What invokes each function; test-sync and sync-preview are invoked only by people."""
        undelivered = resources.undelivered_events
        resources.events.deliver(
            "StartOrContinue",
            *STARTS_OR_CONTINUES,
            to=functions.invoice_trigger,
            undelivered=undelivered,
        )
        resources.events.deliver(
            "Reported", *REPORTED, to=functions.run_report, undelivered=undelivered
        )
        schedules = Schedules(self, "Schedules", undelivered=resources.undelivered_ticks)
        schedules.watch(functions.invoice_trigger, every_minutes=watch_minutes)
        schedules.check_daily(functions.permission_check)
        functions.company_sync.add_event_source(
            sources.SqsEventSource(
                resources.companies.queue,
                # A message waiting for its retry would delay a whole batch of its group.
                batch_size=1,
                report_batch_item_failures=True,
                max_concurrency=COMPANIES_AT_ONCE,
            )
        )

    def _name_outputs(
        self, functions: Functions, resources: Resources, policies: OperatorPolicies
    ) -> None:
        """What the command line and the sandbox look up by these very keys."""
        for key, value in {
            "InvoiceTriggerFunction": functions.invoice_trigger.function_name,
            "CompanySyncFunction": functions.company_sync.function_name,
            "PermissionCheckFunction": functions.permission_check.function_name,
            "TestSyncFunction": functions.test_sync.function_name,
            "SyncPreviewFunction": functions.sync_preview.function_name,
            "RunReportFunction": functions.run_report.function_name,
            "ConfigTable": resources.tables.config.table_name,
            "LedgerTable": resources.tables.ledger.table_name,
            "Queue": resources.companies.queue.queue_url,
            "DeadLetterQueue": resources.companies.dead_letters.queue_url,
            "EventBus": resources.events.bus.event_bus_name,
            "ReportBucket": resources.reports.bucket_name,
            "NotificationTopic": resources.topic.topic_arn,
            "AlarmTopic": resources.alarm_topic.topic_arn,
            "HuntressSecret": resources.secrets.huntress.ref,
            "ConnectWiseSecret": resources.secrets.connectwise.ref,
            "ReaderPolicy": policies.reader.managed_policy_arn,
            "ApproverPolicy": policies.approver.managed_policy_arn,
        }.items():
            CfnOutput(self, key, value=value)


def _grant_vendors_and_tables(functions: Functions, resources: Resources) -> None:
    secrets, tables = resources.secrets, resources.tables
    for function in (functions.invoice_trigger, functions.permission_check):
        access.may_read_secret(function, secrets.huntress)
        access.may_read_secret(function, secrets.connectwise)
        access.may_read_config(function, tables.config)
    access.may_read_secret(functions.company_sync, secrets.connectwise)
    for function in (functions.invoice_trigger, functions.company_sync):
        access.may_read_ledger(function, tables.ledger)
        access.may_write_ledger(function, tables.ledger)
    access.may_keep_checks(functions.permission_check, tables.ledger)
    access.may_read_written_additions(functions.permission_check, tables.ledger)
    for function in (functions.test_sync, functions.sync_preview):
        access.may_read_ledger(function, tables.ledger)
        access.may_add_to_ledger(function, tables.ledger)
    access.may_read_ledger(functions.run_report, tables.ledger)
    access.may_update_ledger(functions.run_report, tables.ledger)


def _grant_messages_and_reports(functions: Functions, resources: Resources) -> None:
    access.may_send(functions.invoice_trigger, resources.companies.queue)
    for function in functions.all:
        if function is not functions.run_report:
            access.may_put_events(function, resources.events.bus)
    access.may_keep_reports(functions.run_report, resources.reports)
    access.may_notify(functions.run_report, resources.topic)
    access.may_see_subscribers(functions.run_report, resources.topic)
    for topic in (resources.topic, resources.alarm_topic):
        access.may_see_subscribers(functions.permission_check, topic)
