"""The account in memory: its services, who listens to their calls, and snapshots of it all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator

from tests.aws.dynamodb import DynamoDb
from tests.aws.errors import AwsError
from tests.aws.eventbridge import EventBridge
from tests.aws.s3 import S3
from tests.aws.secrets import SecretsManager
from tests.aws.sns import Sns
from tests.aws.sqs import Sqs

Params = dict[str, Any]
_FROM_BOTO = BaseClient._make_api_call
_VALIDATOR = ParamValidator()


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a client; `params` as they go over the wire (DynamoDB's items are typed)."""

    service: str
    operation: str
    params: Params

    @property
    def table(self) -> str:
        """The DynamoDB table of the call; "" where there is none, or several."""
        if self.service != "dynamodb":
            return ""
        if self.operation == "TransactWriteItems":
            tables = {
                change["TableName"] for c in self.params["TransactItems"] for change in c.values()
            }
        elif self.operation == "BatchWriteItem":
            tables = set(self.params["RequestItems"])
        else:
            tables = {self.params.get("TableName", "")}
        return tables.pop() if len(tables) == 1 else ""


Proceed = Callable[[], Params]
Listener = Callable[[Call, Proceed], Params]


class InMemoryAws:
    """One account in one region. A listener stands between the clients and the services.

    It gets the call and `proceed`, which carries the call out: it may refuse (raise), change the
    parameters before, carry it out and lose the answer, or carry it out twice.
    """

    def __init__(self, *, validates: bool = True) -> None:
        """`validates`: each call's parameters are held to botocore's model of the service."""
        self.validates = validates
        self.sqs = Sqs()
        self.sns = Sns(self.sqs)
        self.dynamodb = DynamoDb()
        self.services: dict[str, Any] = {
            "dynamodb": self.dynamodb,
            "sqs": self.sqs,
            "sns": self.sns,
            "events": EventBridge(self.sqs),
            "s3": S3(),
            "secretsmanager": SecretsManager(),
        }
        self._listeners: list[Listener] = []

    @contextmanager
    def active(self) -> Iterator[InMemoryAws]:
        """Every boto3 client of this process reaches this account until the end."""
        previous = _active[:]
        _active[:] = [self]
        try:
            yield self
        finally:
            _active[:] = previous

    def listen(self, listener: Listener) -> None:
        """Put a listener in front of those that are there."""
        self._listeners.append(listener)

    def stop_listening(self, listener: Listener) -> None:
        """Take a listener away."""
        self._listeners.remove(listener)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """`listen`, until the end."""
        self.listen(listener)
        try:
            yield
        finally:
            self.stop_listening(listener)

    def snapshot(self) -> dict[str, Any]:
        """Everything the services hold."""
        return {name: service.copied() for name, service in self.services.items()}

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go back to a snapshot, which can be used again."""
        for name, service in self.services.items():
            service.restore(snapshot[name])

    def answer(self, call: Call, *, heard: bool = True) -> Params:
        """Carry a call out, past the listeners where it is heard; raises `AwsError`."""
        operation = getattr(self.services[call.service], _method(call.operation))

        def proceed() -> Params:
            return dict(operation(**call.params))

        if heard:
            for listener in self._listeners:
                proceed = _heard(listener, call, proceed)
        return proceed()


def _heard(listener: Listener, call: Call, proceed: Proceed) -> Proceed:
    return lambda: listener(call, proceed)


def unheard(client: Any) -> Any:
    """A client whose calls no listener hears: a test's own, that only looks or sets up."""
    _unheard.add(id(client))
    return client


_active: list[InMemoryAws] = []
_unheard: set[int] = set()  # of clients that live as long as the process
_methods: dict[str, str] = {}


def _method(operation: str) -> str:
    """PutItem -> put_item."""
    if operation not in _methods:
        letters = (f"_{each.lower()}" if each.isupper() else each for each in operation)
        _methods[operation] = "".join(letters).removeprefix("_")
    return _methods[operation]


def _make_api_call(client: Any, operation: str, params: Params) -> Params:
    """What boto3's clients call, with botocore's own steps around the answer from memory."""
    service = client.meta.service_model.service_name
    if not _active or service not in _active[0].services:
        return dict(_FROM_BOTO(client, operation, params))
    model = client.meta.service_model.operation_model(operation)
    context = {"client_region": client.meta.region_name, "client_config": client.meta.config}
    params = client._emit_api_params(api_params=params, operation_model=model, context=context)
    if model.input_shape and _active[0].validates:
        problems = _VALIDATOR.validate(params, model.input_shape)
        if problems.has_errors():
            raise ParamValidationError(report=problems.generate_report())
    try:
        call = Call(service, operation, params)
        reply = _active[0].answer(call, heard=id(client) not in _unheard)
    except AwsError as error:
        raise _as_client_error(client, operation, error) from None
    reply["ResponseMetadata"] = {"HTTPStatusCode": 200, "RetryAttempts": 0}
    client.meta.events.emit(
        f"after-call.{client.meta.service_model.service_id.hyphenize()}.{operation}",
        http_response=SimpleNamespace(status_code=200),
        parsed=reply,
        model=model,
        context=context,
    )
    return reply


def _as_client_error(client: Any, operation: str, error: AwsError) -> Exception:
    described = {"Code": error.code, "Message": error.message}
    metadata = {"HTTPStatusCode": 400, "RetryAttempts": 0}
    reply = {"Error": described, "ResponseMetadata": metadata, **deepcopy(error.members)}
    return client.exceptions.from_code(error.code)(reply, operation)


BaseClient._make_api_call = _make_api_call
