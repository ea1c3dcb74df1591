"""The deployed stack as the command line reaches it: found by its outputs, asked by Lambda."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import click
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.domain.errors import BillingSyncError
from tools.operator.errors import Refused, Unreachable

# Functions answer within 55 seconds, permission-check within its 15 minutes. Asking again by
# itself could start a second run.
_INVOKING = Config(connect_timeout=10, read_timeout=910, retries={"total_max_attempts": 1})
_CALLING = Config(connect_timeout=10, read_timeout=30)

LOOKING = ("preview", "forecast", "show")


@dataclass(frozen=True)
class Stack:
    """One stack in one account; `endpoint` is set only where AWS is on this machine."""

    session: Any
    name: str
    endpoint: str | None = None

    def caller(self) -> str:
        """Who asks, by AWS's word: written down as `by`."""
        return str(self.client("sts").get_caller_identity()["Arn"])

    def test_sync(self, event: Mapping[str, object]) -> dict[str, Any]:
        """The answer of the operator's button; raises `Refused` where the function failed.

        What only looks is asked of sync-preview, which takes no right to write.
        """
        looks = event.get("action") in LOOKING or event.get("preview") is True
        return self.invoke("sync-preview" if looks else "test-sync", event)

    def invoke(self, function: str, event: Mapping[str, object]) -> dict[str, Any]:
        """The answer of a function, named as in `permission-check`; raises `Refused` on failure."""
        key = "".join(word.capitalize() for word in function.split("-")) + "Function"
        reply = self.client("lambda", _INVOKING).invoke(
            FunctionName=self.output(key), Payload=json.dumps(event)
        )
        answer = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            raise Refused(f"{function} failed: {answer.get('errorMessage', answer)}. See its log.")
        if notice := answer.get("notifications"):
            click.echo(notice, err=True)
        return dict(answer)

    def table(self, key: str) -> LedgerTable:
        """A DynamoDB table by its output: `ConfigTable` or `LedgerTable`."""
        return LedgerTable(self.client("dynamodb"), self.output(key))

    def client(self, service: str, config: Config = _CALLING) -> Any:
        """A boto3 client of the stack's account and region, made once."""
        if (service, config) not in self._clients:
            client = self.session.client(service, endpoint_url=self.endpoint, config=config)
            self._clients[service, config] = client
        return self._clients[service, config]

    @property
    def local(self) -> bool:
        """Whether this AWS is on this machine, and so may be the vendors."""
        address = urlsplit(self.client("lambda").meta.endpoint_url)
        return address.hostname in ("127.0.0.1", "localhost")

    def output(self, key: str) -> str:
        """An output of the CloudFormation stack: the name of what was deployed."""
        if key not in self._outputs:
            raise Unreachable(
                f"stack is '{self.name}' and has no output {key}: it is another stack, or not fully"
                " deployed. Name the right one with --stack."
            )
        return self._outputs[key]

    @cached_property
    def _clients(self) -> dict[tuple[str, Config], Any]:
        return {}

    @cached_property
    def _outputs(self) -> dict[str, str]:
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """What AWS or the product may answer inside, in words and with a way out."""
        place = f"stack {self.name} in {self.session.region_name}"
        try:
            yield
        except BillingSyncError as error:
            raise Refused(str(error)) from error
        except BotoCoreError as error:
            raise Unreachable(
                f"{place} cannot be reached: {str(error).rstrip('.')}. Sign in to AWS"
                " (AWS_PROFILE, `aws sso login`), and check --region."
            ) from error
        except ClientError as error:
            answer = error.response["Error"]
            if answer["Code"] == "ValidationError" and "not exist" in answer.get("Message", ""):
                raise Unreachable(
                    f"stack is '{self.name}', and region {self.session.region_name} of this"
                    " account has none of that name. Name it with --stack, its region with"
                    " --region."
                ) from error
            message = f"AWS says {answer['Code']}: {answer.get('Message', '')}"
            raise Unreachable(f"{place}: {message}") from error


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
