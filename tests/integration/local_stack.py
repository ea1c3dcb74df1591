"""The whole product in one process: real handlers, an emulated AWS, the vendors' stand-ins."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import ModuleType
from typing import Any

import boto3
from billing_sync.adapters.ledger_effects import LedgerEffects
from billing_sync.adapters.ledger_invoices import LedgerInvoices
from billing_sync.adapters.ledger_runs import LedgerRuns
from billing_sync.adapters.ledger_table import LedgerTable
from billing_sync.compose import aws
from billing_sync.domain.orphans import Written
from billing_sync.adapters.items import to_item
from billing_sync.domain.run import Run
from functions.company_sync import handler as company_sync
from functions.invoice_trigger import handler as invoice_trigger
from functions.permission_check import handler as permission_check
from functions.run_report import handler as run_report
from functions.test_sync import handler as test_sync
from moto import mock_aws
from tools.sandbox.vendors.connectwise import DEMO_CLIENT_ID, ConnectWiseFake
from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.world.build import World, build_world

HANDLERS: tuple[ModuleType, ...] = (
    company_sync,
    invoice_trigger,
    permission_check,
    run_report,
    test_sync,
)
REPORTED = "Billing Sync Finished"
MOST_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """What a handler is given beside its event; `seconds` are left of the invocation."""

    seconds: float = 300.0
    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:111122223333:function:function"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


class LocalStack:
    """Delivers what the deployed stack would deliver: bus events by rule, messages by queue."""

    def __init__(self, world: World, huntress: HuntressFake, connectwise: ConnectWiseFake) -> None:
        self.world, self.huntress, self.connectwise = world, huntress, connectwise
        self.before = connectwise.snapshot()
        self._sqs = boto3.client("sqs")
        self._build()
        ledger = LedgerTable(aws.table("ledger"))
        self.runs, self.invoices = LedgerRuns(ledger), LedgerInvoices(ledger)
        self.effects = LedgerEffects(ledger)
        self.config = boto3.resource("dynamodb").Table("config")
        self.ledger = boto3.resource("dynamodb").Table("ledger")

    # --- setting up -----------------------------------------------------------------------------

    def _build(self) -> None:
        for name in ("config", "ledger"):
            boto3.client("dynamodb").create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
            )
        events = boto3.client("events")
        events.create_event_bus(Name="bus")
        self.bus_url = self._sqs.create_queue(QueueName="bus-events")["QueueUrl"]
        events.put_rule(
            Name="all", EventBusName="bus", EventPattern=json.dumps({"source": ["billing-sync"]})
        )
        events.put_targets(
            Rule="all",
            EventBusName="bus",
            Targets=[{"Id": "queue", "Arn": self._arn(self.bus_url)}],
        )
        self.dead_url = self._sqs.create_queue(
            QueueName="dead.fifo", Attributes={"FifoQueue": "true"}
        )["QueueUrl"]
        redrive = {"deadLetterTargetArn": self._arn(self.dead_url), "maxReceiveCount": 20}
        self.queue_url = self._sqs.create_queue(
            QueueName="companies.fifo",
            Attributes={
                "FifoQueue": "true",
                "VisibilityTimeout": "1800",
                "RedrivePolicy": json.dumps(redrive),
            },
        )["QueueUrl"]
        boto3.client("s3").create_bucket(Bucket="reports")
        topic = boto3.client("sns").create_topic(Name="notices")["TopicArn"]
        self.notices_url = self._sqs.create_queue(QueueName="notices")["QueueUrl"]
        boto3.client("sns").subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=self._arn(self.notices_url)
        )
        for name in ("huntress", "connectwise"):
            boto3.client("secretsmanager").create_secret(Name=name)
        os.environ |= {
            "CONFIG_TABLE": "config",
            "LEDGER_TABLE": "ledger",
            "QUEUE_URL": self.queue_url,
            "BUS_NAME": "bus",
            "HUNTRESS_SECRET": "huntress",
            "CONNECTWISE_SECRET": "connectwise",
            "REPORT_BUCKET": "reports",
            "TOPIC_ARN": topic,
            "ALLOW_LOOPBACK": "1",
        }

    def _arn(self, url: str) -> str:
        reply = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return reply["Attributes"]["QueueArn"]

    def configure(self, *, sync_enabled: bool = True) -> None:
        """Store credentials, settings, mappings and what an earlier installation wrote."""
        self.put_secret(
            "huntress",
            api_key="hk_demo",
            api_secret="hs_demo",
            base_url=self.huntress.url,
            calls_per_minute=60_000,
        )
        self.put_secret(
            "connectwise",
            site=self.connectwise.url,
            login_company="demo",
            public_key="pub",
            private_key="priv",
            client_id=DEMO_CLIENT_ID,
            calls_per_minute=60_000,
        )
        self.config.put_item(Item=self.world.settings | {"sync_enabled": sync_enabled})
        for mapping in self.world.mappings:
            self.config.put_item(Item=mapping)
        for write in self.world.earlier_writes:
            written = Written(
                **{k: write[k] for k in ("addition_id", "agreement_id", "company_id")},
                catalog_item_id=self.world.settings["products"][write["product"]][
                    "catalog_item_id"
                ],
                company_name="",
                quantity=Decimal(write["quantity"]),
                run_id="000000-sync",
            )
            item = {"pk": "ADDITIONS", "sk": f"{written.addition_id:012d}", **to_item(written)}
            self.ledger.put_item(Item=item)

    def put_secret(self, name: str, **value: object) -> None:
        """Give a secret its value."""
        boto3.client("secretsmanager").put_secret_value(
            SecretId=name, SecretString=json.dumps(value)
        )

    def set_settings(self, **changes: object) -> None:
        """Change attributes of the settings in force."""
        item = self.config.get_item(Key={"pk": "SETTINGS", "sk": "CURRENT"})["Item"]
        self.config.put_item(Item={**item, **changes})

    # --- making things happen -------------------------------------------------------------------

    def tick(self) -> str:
        """One beat of the schedule."""
        return invoice_trigger.handler({"action": "tick"}, LambdaContext(900))

    def invoice_appears(self, **fields: object) -> dict[str, Any]:
        """Huntress makes the new invoice."""
        invoice = self.world.new_invoice(datetime.now(UTC)) | fields
        self.huntress.add_invoice(invoice)
        return invoice

    def ask(self, event: object) -> dict[str, Any]:
        """Press test-sync, let everything run, and look at what it shows then."""
        told = test_sync.handler(event, LambdaContext(1))
        if "run_id" not in told:
            return told
        self.settle()
        return test_sync.handler({"action": "show", "run_id": told["run_id"]}, LambdaContext(1))

    def check(self) -> dict[str, Any]:
        """Run permission-check."""
        return permission_check.handler({}, LambdaContext())

    def settle(self) -> None:
        """Deliver events and messages until there are none."""
        for _ in range(MOST_ROUNDS):
            if not (self.deliver_events() or self.deliver_messages()):
                return
        raise AssertionError("the stack does not come to rest")

    def deliver_events(self) -> int:
        """Deliver the events on the bus, each to the function its rule names."""
        events = [json.loads(body) for body in self.taken(self.bus_url)]
        for event in events:
            self.deliver_event(event)
        return len(events)

    def deliver_event(self, event: dict[str, Any]) -> object:
        """Deliver one event as EventBridge does."""
        reports = event["detail-type"] == REPORTED
        return (run_report if reports else invoice_trigger).handler(event, LambdaContext(900))

    def deliver_messages(self) -> int:
        """Deliver each visible message alone; what is not named a failure is deleted."""
        reply = self._sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, AttributeNames=["All"]
        )
        for message in reply.get("Messages", []):
            self.deliver_message(message)
        return len(reply.get("Messages", []))

    def deliver_message(self, message: dict[str, Any]) -> dict[str, Any]:
        """Deliver one message as the event source mapping does."""
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "eventSource": "aws:sqs",
        }
        reply = company_sync.handler({"Records": [record]}, LambdaContext())
        if not reply["batchItemFailures"]:
            self._sqs.delete_message(
                QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"]
            )
        return reply

    def messages(self) -> list[dict[str, Any]]:
        """Receive the visible messages without delivering them."""
        reply = self._sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, AttributeNames=["All"]
        )
        return reply.get("Messages", [])

    # --- looking --------------------------------------------------------------------------------

    def taken(self, url: str) -> list[str]:
        """Take every visible message body off a plain queue."""
        bodies: list[str] = []
        while messages := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in messages:
                bodies.append(message["Body"])
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def newest(self) -> Run:
        """The newest run."""
        return self.runs.newest(1)[0]

    def quantity(self, addition_id: int) -> float:
        """What ConnectWise holds."""
        return self.connectwise.quantity(addition_id)

    def patches(self) -> list[Any]:
        """Every PATCH that reached ConnectWise."""
        return [r for r in self.connectwise.requests if r.method == "PATCH"]


@contextmanager
def local_stack(
    now: datetime, *, world: Callable[[datetime], World] = build_world
) -> Iterator[LocalStack]:
    """A fresh stack with its vendors; nothing is configured yet."""
    with mock_aws():
        for cached in (aws.client, aws.table, *(handler.composed for handler in HANDLERS)):
            cached.cache_clear()
        built = world(now)
        huntress = HuntressFake(built.huntress, calls_per_minute=0)
        with huntress, ConnectWiseFake(built.connectwise) as connectwise:
            yield LocalStack(built, huntress, connectwise)
