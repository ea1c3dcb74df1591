"""The deployed stack for a program of its own: AWS calls come in over HTTP, test-sync answers."""

import os
from typing import Any
from urllib.parse import parse_qs

from tests.integration.local_stack import LocalStack
from tools.sandbox.vendors.messages import Call, Reply
from tools.sandbox.vendors.server import VendorServer

FUNCTION = "BillingSync-test-sync"
CALLER = "arn:aws:iam::111122223333:user/ann"
XML = {"Content-Type": "text/xml"}
STACKS = f"""<DescribeStacksResponse><DescribeStacksResult><Stacks><member>
<StackName>BillingSync</StackName><CreationTime>2026-07-01T00:00:00Z</CreationTime>
<StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>TestSyncFunction</OutputKey>
<OutputValue>{FUNCTION}</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult>
</DescribeStacksResponse>"""
NO_STACK = """<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>
<Message>Stack with id Nobody does not exist</Message></Error></ErrorResponse>"""
IDENTITY = f"""<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>{CALLER}</Arn>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


class AwsDoor(VendorServer):
    """Lambda, CloudFormation and STS as an operator's program meets them; a run ends at once."""

    def __init__(self, stack: LocalStack) -> None:
        super().__init__()
        self._stack = stack
        self.events: list[dict[str, Any]] = []
        self.fails = False

    def environment(self) -> dict[str, str]:
        """What the program is started with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        return {**kept, **keys, "AWS_ENDPOINT_URL": self.url, "AWS_REGION": "us-east-1"}

    def answer(self, call: Call) -> Reply:
        """As AWS documents these three calls."""
        if call.path == f"/2015-03-31/functions/{FUNCTION}/invocations":
            return self._invoked(call)
        asked = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        match asked.get("Action"), asked.get("StackName"):
            case "GetCallerIdentity", _:
                return Reply(200, IDENTITY.encode(), XML)
            case "DescribeStacks", "BillingSync":
                return Reply(200, STACKS.encode(), XML)
            case "DescribeStacks", _:
                return Reply(400, NO_STACK.encode(), XML)
        return Reply.as_json({"message": f"nobody expected {call.target}"}, status=418)

    def _invoked(self, call: Call) -> Reply:
        if self.fails:
            failed = {"errorMessage": "AccessDenied: no right to the ledger"}
            return Reply.as_json(failed, headers={"X-Amz-Function-Error": "Unhandled"})
        event = call.json()
        self.events.append(event)
        told = self._stack.press(event)
        self._stack.deliver_events()
        return Reply.as_json(told)

    def dump(self) -> dict[str, object]:
        """Nothing of its own."""
        return {}
