"""The six functions: how long each may take, and what its environment tells it."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.function import FunctionDefaults, SyncFunction

COMPANY_SYNC_TIMEOUT = Duration.minutes(5)
# Six times, as AWS asks of a queue that feeds a function (docs: Lambda Developer Guide, SQS).
COMPANY_VISIBILITY = Duration.minutes(6 * 5)


class Functions(Construct):
    """Made without any rights; the stack grants them.

    Of `environment` each function gets the names it lists and no others.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        ground: FunctionDefaults,
        environment: Mapping[str, str],
        failed_events: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        self._ground = ground
        self._environment = {**environment, "ALLOW_LOOPBACK": "1"}
        self._failed_events = failed_events
        # What calls a vendor may call one on this machine, in the sandbox only.
        loopback = ["ALLOW_LOOPBACK"] if ground.choices.sandbox else []
        vendors = ["HUNTRESS_SECRET", "CONNECTWISE_SECRET", *loopback]
        self.invoice_trigger = self._function(
            "invoice-trigger",
            timeout=Duration.minutes(15),
            knows=["CONFIG_TABLE", "LEDGER_TABLE", "QUEUE_URL", "BUS_NAME", *vendors],
        )
        self.company_sync = self._function(
            "company-sync",
            timeout=COMPANY_SYNC_TIMEOUT,
            knows=["LEDGER_TABLE", "QUEUE_URL", "BUS_NAME", "CONNECTWISE_SECRET", *loopback],
            by_events=False,
        )
        self.permission_check = self._function(
            "permission-check",
            timeout=Duration.minutes(5),
            knows=["CONFIG_TABLE", "LEDGER_TABLE", "BUS_NAME", "TOPIC_ARN", *vendors],
        )
        self.test_sync = self._function(
            "test-sync",
            # The command line gives up after 60 seconds and calls again.
            timeout=Duration.seconds(55),
            knows=["LEDGER_TABLE", "BUS_NAME"],
            by_events=False,
        )
        self.sync_preview = self._function(
            # What may write cannot be told apart by the event, so those who only look get a
            # function of their own.
            "sync-preview",
            timeout=Duration.seconds(55),
            knows=["LEDGER_TABLE", "BUS_NAME"],
            by_events=False,
        )
        self.run_report = self._function(
            "run-report",
            timeout=Duration.minutes(1),
            knows=["LEDGER_TABLE", "REPORT_BUCKET", "TOPIC_ARN"],
        )

    @property
    def all(self) -> tuple[lambda_.Function, ...]:
        """The six of them."""
        watching = (self.invoice_trigger, self.company_sync, self.permission_check)
        return (*watching, self.test_sync, self.sync_preview, self.run_report)

    def _function(
        self, name: str, *, timeout: Duration, knows: list[str], by_events: bool = True
    ) -> lambda_.Function:
        made = SyncFunction(
            self,
            "".join(word.capitalize() for word in name.split("-")),
            name=name,
            timeout=timeout,
            environment={name: self._environment[name] for name in knows},
            ground=self._ground,
        )
        if by_events:
            made.keep_failed_events(self._failed_events)
        return made.function
