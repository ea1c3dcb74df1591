"""The whole product in one stack: its resources and its grants."""

from __future__ import annotations

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra import access
from infra.alarm_definitions import set_alarms
from infra.alarms import Alarms
from infra.deployment_settings import Choices
from infra.encryption import EncryptionKey
from infra.event_flow import REPORTED, STARTS_OR_CONTINUES
from infra.function import FunctionDefaults
from infra.functions import COMPANY_VISIBILITY, Functions
from infra.layers import Layers
from infra.operator_policies import People
from infra.resources import Places
from infra.schedules import Schedules

# Companies applied at the same time: ConnectWise allows only so many calls a minute.
COMPANIES_AT_ONCE = 4


class BillingSyncStack(Stack):
    """Bills every ConnectWise agreement for what Huntress counted."""

    def __init__(self, scope: Construct, construct_id: str, *, choices: Choices) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=choices.stack_name,
            description="Huntress to ConnectWise billing sync",
        )
        key = self._encryption_key(choices)
        places = Places(
            self, "Places", choices=choices, visibility_timeout=COMPANY_VISIBILITY, key=key
        )
        functions = Functions(
            self,
            "Functions",
            ground=FunctionDefaults(
                choices=choices, layers=Layers(self, "Layers", choices=choices).all, key=key
            ),
            environment=places.environment,
            failed_events=places.failed_events,
        )
        _grant_vendors_and_tables(functions, places)
        _grant_messages_and_reports(functions, places)
        if key:
            for function in functions.all:
                access.may_use_key(function, key)
        self._connect(functions, places, watch_minutes=choices.watch_minutes)
        alarms = Alarms(self, "Alarms", stack_name=choices.stack_name, topic=places.topic)
        set_alarms(alarms, functions=functions, places=places)
        people = People(
            self,
            "People",
            stack_name=choices.stack_name,
            functions=functions,
            places=places,
            key=key,
        )
        self._name_outputs(functions, places, people)

    def _encryption_key(self, choices: Choices) -> kms.IKey | None:
        if not choices.customer_managed_key:
            return None
        return EncryptionKey(self, "Encryption", stack_name=choices.stack_name).key

    def _connect(self, functions: Functions, places: Places, *, watch_minutes: int) -> None:
        """What invokes each function; test-sync and sync-preview are invoked only by people."""
        undelivered = places.undelivered_events
        places.events.deliver(
            "StartOrContinue",
            *STARTS_OR_CONTINUES,
            to=functions.invoice_trigger,
            undelivered=undelivered,
        )
        places.events.deliver("Told", *REPORTED, to=functions.run_report, undelivered=undelivered)
        schedules = Schedules(self, "Schedules", undelivered=places.undelivered_ticks)
        schedules.watch(functions.invoice_trigger, every_minutes=watch_minutes)
        schedules.check_daily(functions.permission_check)
        functions.company_sync.add_event_source(
            sources.SqsEventSource(
                places.companies.queue,
                # A message waiting for its retry would delay a whole batch of its group.
                batch_size=1,
                report_batch_item_failures=True,
                max_concurrency=COMPANIES_AT_ONCE,
            )
        )

    def _name_outputs(self, functions: Functions, places: Places, people: People) -> None:
        """What the command line and the sandbox look up by these very keys."""
        for key, value in {
            "InvoiceTriggerFunction": functions.invoice_trigger.function_name,
            "CompanySyncFunction": functions.company_sync.function_name,
            "PermissionCheckFunction": functions.permission_check.function_name,
            "TestSyncFunction": functions.test_sync.function_name,
            "SyncPreviewFunction": functions.sync_preview.function_name,
            "RunReportFunction": functions.run_report.function_name,
            "ConfigTable": places.tables.config.table_name,
            "LedgerTable": places.tables.ledger.table_name,
            "Queue": places.companies.queue.queue_url,
            "DeadLetterQueue": places.companies.dead_letters.queue_url,
            "EventBus": places.events.bus.event_bus_name,
            "ReportBucket": places.reports.bucket_name,
            "NotificationTopic": places.topic.topic_arn,
            "HuntressSecret": places.secrets.huntress.ref,
            "ConnectWiseSecret": places.secrets.connectwise.ref,
            "ReaderPolicy": people.reader.managed_policy_arn,
            "ApproverPolicy": people.approver.managed_policy_arn,
        }.items():
            CfnOutput(self, key, value=value)


def _grant_vendors_and_tables(functions: Functions, places: Places) -> None:
    secrets, tables = places.secrets, places.tables
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


def _grant_messages_and_reports(functions: Functions, places: Places) -> None:
    access.may_send(functions.invoice_trigger, places.companies.queue)
    for function in functions.all:
        if function is not functions.run_report:
            access.may_put_events(function, places.events.bus)
    access.may_keep_reports(functions.run_report, places.reports)
    access.may_notify(functions.run_report, places.topic)
    access.may_see_subscribers(functions.permission_check, places.topic)
