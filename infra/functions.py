"""The six functions: their timeouts and environments."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.function import FunctionDefaults, SyncFunction

COMPANY_SYNC_TIMEOUT = Duration.minutes(5)
# Six times the timeout, as AWS requires of a function's queue (docs: Lambda Developer Guide, SQS).
COMPANY_VISIBILITY = Duration.minutes(6 * 5)


class Functions(Construct):
    """Created without any rights; the stack grants them.

    Of `environment` each function gets the names it lists and no others.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        defaults: FunctionDefaults,
        environment: Mapping[str, str],
        failed_events: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        self._defaults = defaults
        self._environment = {**environment, "ALLOW_LOOPBACK": "1"}
        self._failed_events = failed_events
        # Only in the sandbox, functions may call a vendor on this machine.
        loopback = ["ALLOW_LOOPBACK"] if defaults.settings.sandbox else []
        vendors = ["HUNTRESS_SECRET", "CONNECTWISE_SECRET", *loopback]
        self.invoice_trigger = self._function(
            "invoice-trigger",
            timeout=Duration.minutes(15),
            variables=["CONFIG_TABLE", "LEDGER_TABLE", "QUEUE_URL", "BUS_NAME", *vendors],
        )
        self.company_sync = self._function(
            "company-sync",
            timeout=COMPANY_SYNC_TIMEOUT,
            variables=["LEDGER_TABLE", "QUEUE_URL", "BUS_NAME", "CONNECTWISE_SECRET", *loopback],
            by_events=False,
        )
        self.permission_check = self._function(
            "permission-check",
            timeout=Duration.minutes(5),
            variables=[
                *("CONFIG_TABLE", "LEDGER_TABLE", "BUS_NAME", "TOPIC_ARN", "ALARM_TOPIC_ARN"),
                *vendors,
            ],
        )
        self.test_sync = self._function(
            "test-sync",
            # The command line gives up after 60 seconds and calls again.
            timeout=Duration.seconds(55),
            variables=["LEDGER_TABLE", "BUS_NAME"],
            by_events=False,
        )
        self.sync_preview = self._function(
            # IAM cannot allow a function by its event, so readers get a function of their own.
            "sync-preview",
            timeout=Duration.seconds(55),
            variables=["LEDGER_TABLE", "BUS_NAME"],
            by_events=False,
        )
        self.run_report = self._function(
            "run-report",
            timeout=Duration.minutes(1),
            variables=["LEDGER_TABLE", "REPORT_BUCKET", "TOPIC_ARN"],
        )

    @property
    def all(self) -> tuple[lambda_.Function, ...]:
        """The six of them."""
        watching = (self.invoice_trigger, self.company_sync, self.permission_check)
        return (*watching, self.test_sync, self.sync_preview, self.run_report)

    @property
    def by_people(self) -> tuple[lambda_.Function, ...]:
        """Those that people invoke."""
        return (self.test_sync, self.sync_preview, self.permission_check)

    def _function(
        self, name: str, *, timeout: Duration, variables: list[str], by_events: bool = True
    ) -> lambda_.Function:
        made = SyncFunction(
            self,
            "".join(word.capitalize() for word in name.split("-")),
            name=name,
            timeout=timeout,
            environment={name: self._environment[name] for name in variables},
            defaults=self._defaults,
        )
        if by_events:
            made.keep_failed_events(self._failed_events)
        return made.function
