"""The services with a JSON protocol behind a socket, for programs in a process of their own."""

import json
from base64 import b64decode, b64encode
from typing import Any

from tests.aws.errors import AwsError
from tests.aws.memory import Call, InMemoryAws
from tools.sandbox.vendors.messages import Call as HttpCall
from tools.sandbox.vendors.messages import Reply

JSON = {"Content-Type": "application/x-amz-json-1.0"}
# The first part of the X-Amz-Target header.
SERVICES = {
    "DynamoDB_20120810": "dynamodb",
    "AmazonSQS": "sqs",
    "AWSEvents": "events",
    "secretsmanager": "secretsmanager",
}


def answered(memory: InMemoryAws, call: HttpCall) -> Reply:
    """The answer of the service that the call's target names."""
    protocol, _, operation = call.headers["x-amz-target"].partition(".")
    try:
        params = json.loads(call.body, object_hook=_binary)
        reply = memory.answer(Call(SERVICES[protocol], operation, params))
    except AwsError as error:
        refusal = {"__type": error.code, "message": error.message, **error.members}
        return Reply.as_json(refusal, status=400)
    return Reply(200, json.dumps(reply, default=_text).encode(), JSON)


def _binary(value: dict[str, Any]) -> dict[str, Any]:
    """Binary attributes travel as Base64."""
    return {"B": b64decode(value["B"])} if value.keys() == {"B"} else value


def _text(value: bytes) -> str:
    return b64encode(value).decode()
