"""The deployed stack as the command line reaches it: found by its outputs, asked by Lambda."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tools.operator.errors import Refused, Unreachable

# test-sync answers within 55 seconds. Asking again by itself could start a second run.
_CONFIG = Config(connect_timeout=10, read_timeout=70, retries={"total_max_attempts": 1})


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack in one account; `endpoint` is set only where AWS is on this machine."""

    session: Any
    name: str
    endpoint: str | None = None

    def caller(self) -> str:
        """Who asks, by AWS's word: written down as `by`."""
        with _trouble(self):
            return str(self._client("sts").get_caller_identity()["Arn"])

    def test_sync(self, event: Mapping[str, object]) -> dict[str, Any]:
        """The answer of the operator's button; raises `Refused` where the function failed."""
        with _trouble(self):
            reply = self._client("lambda").invoke(
                FunctionName=self._output("TestSyncFunction"), Payload=json.dumps(event)
            )
            answer = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            raise Refused(f"test-sync failed: {answer.get('errorMessage', answer)}. See its log.")
        return dict(answer)

    def _output(self, key: str) -> str:
        (stack,) = self._client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
        if key not in outputs:
            raise Unreachable(
                f"stack is '{self.name}' and has no output {key}: it is another stack, or not fully"
                " deployed. Name the right one with --stack."
            )
        return str(outputs[key])

    def _client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.endpoint, config=_CONFIG)


def find_stack(name: str, *, region: str | None, sandbox: str | None) -> Stack:
    """The stack in the caller's account, or the one in the running sandbox."""
    if sandbox is not None:
        return _in_sandbox(Path(sandbox))
    try:
        # boto3 knows AWS_DEFAULT_REGION only; everybody else's tools know AWS_REGION.
        session = boto3.Session(region_name=region or os.environ.get("AWS_REGION"))
    except BotoCoreError as error:
        raise Unreachable(f"{error}. Check AWS_PROFILE.") from error
    if session.region_name is None:
        raise Unreachable("no AWS region is set. Name it with --region or AWS_REGION.")
    return Stack(session, name)


def _in_sandbox(folder: Path) -> Stack:
    # The sandbox is a tool of its own; who does not use it need not load it.
    from tools.sandbox.description import Description  # noqa: PLC0415
    from tools.sandbox.running import DESCRIPTION  # noqa: PLC0415

    file = folder / DESCRIPTION
    try:
        found = Description.read(file)
    except FileNotFoundError:
        raise Unreachable(
            f"no sandbox runs: there is no {file}. Start one with `make sandbox`."
        ) from None
    session = boto3.Session(
        aws_access_key_id=found.aws.access_key_id,
        aws_secret_access_key=found.aws.secret_access_key,
        region_name=found.aws.region,
    )
    return Stack(session, found.stack, endpoint=found.aws.endpoint)


@contextmanager
def _trouble(stack: Stack) -> Iterator[None]:
    """What AWS may answer, in words and with a way out."""
    place = f"stack {stack.name} in {stack.session.region_name}"
    try:
        yield
    except BotoCoreError as error:
        raise Unreachable(
            f"{place} cannot be reached: {str(error).rstrip('.')}. Sign in to AWS (AWS_PROFILE,"
            " `aws sso login`), and check --region."
        ) from error
    except ClientError as error:
        told = error.response["Error"]
        if "does not exist" in told.get("Message", ""):
            raise Unreachable(
                f"stack is '{stack.name}', and region {stack.session.region_name} of this account"
                " has none of that name. Name it with --stack, its region with --region."
            ) from error
        raise Unreachable(f"{place}: AWS says {told['Code']}: {told.get('Message', '')}") from error
