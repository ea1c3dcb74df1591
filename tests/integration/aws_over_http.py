"""moto, the reference, behind a socket: a function in a process of its own reaches it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from botocore.awsrequest import AWSPreparedRequest
from moto import mock_aws
from moto.core.models import botocore_stubber

from tests.integration.local_stack import LocalStack, vendors_of
from tools.sandbox.vendors.messages import Call, Reply
from tools.sandbox.vendors.server import VendorServer
from tools.sandbox.world.build import World

SERVICES = ("dynamodb", "sqs", "events", "secretsmanager", "sns", "s3")


@contextmanager
def stack_on_moto(now: datetime, world: Callable[[datetime], World]) -> Iterator[LocalStack]:
    """A fresh stack whose AWS is moto."""
    with mock_aws(), vendors_of(world(now)) as (built, huntress, connectwise):
        yield LocalStack(built, huntress, connectwise)


class AwsOverHttp(VendorServer):
    """Serves each service of this process's moto under `<url>/<service>`."""

    def environment(self) -> dict[str, str]:
        """What makes botocore of another process come here."""
        return {f"AWS_ENDPOINT_URL_{name.upper()}": self._address(name) for name in SERVICES} | {
            "AWS_ENDPOINT_URL_EVENTBRIDGE": self._address("events"),
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": self._address("secretsmanager"),
        }

    def _address(self, service: str) -> str:
        return f"{self.url}/{service}"

    def answer(self, call: Call) -> Reply:
        """What moto answers."""
        return answer_of_moto(call)

    def dump(self) -> dict[str, object]:
        """Nothing of its own."""
        return {}


def answer_of_moto(call: Call) -> Reply:
    """What moto says to a call under `/<service>`."""
    service, _, rest = call.path.removeprefix("/").partition("/")
    url = f"https://{service}.us-east-1.amazonaws.com/{rest}"
    request = AWSPreparedRequest(call.method, url, dict(call.headers), call.body, False)
    answered = botocore_stubber.process_request(request)
    assert answered, f"moto does not know {url}"
    status, headers, body = answered
    kept = {k: str(v) for k, v in headers.items() if k.lower() != "content-length"}
    return Reply(int(status), body.encode() if isinstance(body, str) else body, kept)


def operation(call: Call) -> str:
    """What an AWS call is for, or a vendor's method."""
    return call.headers.get("x-amz-target", call.method).rpartition(".")[2]
