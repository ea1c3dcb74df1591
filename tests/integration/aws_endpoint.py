"""The deployed stack for a program of its own: AWS calls come in over HTTP, test-sync answers."""

import io
import os
from contextlib import redirect_stdout
from typing import Any
from urllib.parse import parse_qs

from functions.invoice_trigger import handler as invoice_trigger
from functions.permission_check import handler as permission_check
from tests.aws.wire import answered
from tests.integration.local_stack import LambdaContext, LocalStack
from tools.sandbox.vendors.messages import Call, Reply
from tools.sandbox.vendors.server import VendorServer

FUNCTIONS, LEDGER = "/2015-03-31/functions/", "/dynamodb"
CALLER = "arn:aws:iam::111122223333:user/ann"
XML = {"Content-Type": "text/xml"}
STACKS = """<DescribeStacksResponse><DescribeStacksResult><Stacks><member>
<StackName>BillingSync</StackName><CreationTime>2026-07-01T00:00:00Z</CreationTime>
<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>{}</Outputs></member></Stacks>
</DescribeStacksResult></DescribeStacksResponse>"""
OUTPUT = "<member><OutputKey>{}</OutputKey><OutputValue>{}</OutputValue></member>"
NO_STACK = """<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>
<Message>Stack with id Nobody does not exist</Message></Error></ErrorResponse>"""
IDENTITY = f"""<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>{CALLER}</Arn>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


class AwsEndpoint(VendorServer):
    """Lambda, CloudFormation and STS as an operator's program meets them; a run ends at once."""

    def __init__(self, stack: LocalStack) -> None:
        super().__init__()
        self._stack = stack
        self.events: list[dict[str, Any]] = []
        self.invoked: list[str] = []  # functions, in the order of the events
        self.fails = False
        self.settles = True  # whether a run ends before anybody looks again
        self._handlers = {
            "permission-check": permission_check.handler,
            "invoice-trigger": invoice_trigger.handler,
        }

    def environment(self) -> dict[str, str]:
        """What the program is started with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        places = {"AWS_ENDPOINT_URL": self.url, "AWS_ENDPOINT_URL_DYNAMODB": f"{self.url}{LEDGER}"}
        return {**kept, **keys, **places, "AWS_REGION": "us-east-1"}

    def answer(self, call: Call) -> Reply:
        """As AWS documents these three calls; tables are those of the AWS in memory."""
        if call.path.startswith(LEDGER):
            return answered(self._stack.memory, call)
        if call.path.startswith(FUNCTIONS):
            return self._invoked(call, call.path.removeprefix(FUNCTIONS).split("/")[0])
        asked = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        match asked.get("Action"), asked.get("StackName"):
            case "GetCallerIdentity", _:
                return Reply(200, IDENTITY.encode(), XML)
            case "DescribeStacks", "BillingSync":
                told = "".join(OUTPUT.format(*each) for each in self.outputs().items())
                return Reply(200, STACKS.format(told).encode(), XML)
            case "DescribeStacks", _:
                return Reply(400, NO_STACK.encode(), XML)
        return Reply.as_json({"message": f"nobody expected {call.target}"}, status=418)

    def outputs(self) -> dict[str, str]:
        """What the deployed stack names, as it is called in the emulated AWS."""
        aws = self._stack.aws
        return {
            "TestSyncFunction": "test-sync",
            "SyncPreviewFunction": "sync-preview",
            "PermissionCheckFunction": "permission-check",
            "InvoiceTriggerFunction": "invoice-trigger",
            "ConfigTable": "config",
            "LedgerTable": "ledger",
            "Queue": aws.companies,
            "DeadLetterQueue": aws.dead,
            "EventBus": "bus",
            "ReportBucket": "reports",
            "NotificationTopic": os.environ["TOPIC_ARN"],
            "AlarmTopic": os.environ["ALARM_TOPIC_ARN"],
            "HuntressSecret": "huntress",
            "ConnectWiseSecret": "connectwise",
        }

    def _invoked(self, call: Call, function: str) -> Reply:
        if self.fails:
            failed = {"errorMessage": "AccessDenied: no right to the ledger"}
            return Reply.as_json(failed, headers={"X-Amz-Function-Error": "Unhandled"})
        event = call.json()
        self.events.append(event)
        self.invoked.append(function)
        # What a function prints goes to its log, not to the program that invoked it.
        with redirect_stdout(io.StringIO()):
            return Reply.as_json(self._answered(function, event))

    def _answered(self, function: str, event: dict[str, Any]) -> Any:
        if function in self._handlers:
            return self._handlers[function](event, LambdaContext())
        press = self._stack.look if function == "sync-preview" else self._stack.press
        told = press(event)
        if self.settles:
            self._stack.settle()
        return told

    def dump(self) -> dict[str, object]:
        """Nothing of its own."""
        return {}
