"""The events and messages our functions take, checked; what does not fit is refused by name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from billing_sync.domain.errors import Blocked
from billing_sync.domain.huntress import InvoiceSource
from billing_sync.domain.run import Mode, Request

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
RunId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\d{6,}-[a-z]+$")]
Companies = Annotated[list[PositiveInt], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as SQS delivers it; `received` counts its deliveries, from 1."""

    id: str
    receipt: str
    received: int
    body: str


class Tick(_Strict):
    """The schedule's beat."""

    action: Literal["tick"]


class InvoiceCreated(_Strict):
    """`Huntress Invoice Created`: a hint that this invoice exists."""

    source: InvoiceSource
    invoice_id: PositiveInt


class RunNamed(_Strict):
    """`Billing Sync Requested`, `… Continued`, `… Finished`, `… Drift Found`: about this run."""

    run_id: RunId


class CompanyMessage(_Strict):
    """One company of one run, from the queue."""

    version: Literal[1]
    run_id: RunId
    company_id: PositiveInt


class _Sync(_Strict):
    action: Literal["sync"] = "sync"
    by: Text = "operator"
    companies: Companies | None = None

    def request(self) -> Request:
        return Request(Mode.SYNC, self.by, tuple(sorted(self.companies or ())))


class _Preview(_Strict):
    action: Literal["preview"]
    by: Text = "operator"
    companies: Companies | None = None

    def request(self) -> Request:
        return Request(Mode.PREVIEW, self.by, tuple(sorted(self.companies or ())))


class _Release(_Strict):
    action: Literal["release"]
    run_id: RunId
    plan_hash: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9a-f]{64}$")]
    by: Text
    companies: Companies | None = None

    def request(self) -> Request:
        return Request(
            Mode.RELEASE,
            self.by,
            tuple(sorted(self.companies or ())),
            source_run_id=self.run_id,
            plan_hash=self.plan_hash,
        )


class Show(_Strict):
    """Tell of one run, or of the newest."""

    action: Literal["show"]
    run_id: Annotated[str, StringConstraints(pattern=r"^(\d{6,}-[a-z]+)?$")] = ""


class Stop(_Strict):
    """End a run."""

    action: Literal["stop"]
    run_id: RunId
    by: Text


FORMS = (
    "{}",
    '{"action": "preview"}',
    '{"action": "release", "run_id": "000012-sync", "plan_hash": "<64 digits>", "by": "<name>"}',
    '{"action": "show"}',
    '{"action": "show", "run_id": "000012-sync"}',
    '{"action": "stop", "run_id": "000012-sync", "by": "<name>"}',
)


def _with_action(event: Any) -> Any:
    return {"action": "sync", **event} if isinstance(event, dict) else event


_Operator = Annotated[_Sync | _Preview | _Release | Show | Stop, Field(discriminator="action")]
_OPERATOR: TypeAdapter[Any] = TypeAdapter(Annotated[_Operator, BeforeValidator(_with_action)])
_HINTS: dict[str, tuple[type[BaseModel], ...]] = {
    "Huntress Invoice Created": (InvoiceCreated,),
    "Billing Sync Requested": (RunNamed,),
    "Billing Sync Continued": (RunNamed, InvoiceCreated),
    "Billing Sync Finished": (RunNamed,),
    "Billing Sync Drift Found": (RunNamed,),
}


def bus_event(event: object) -> InvoiceCreated | RunNamed:
    """The detail of an event from our bus; raises `Blocked` naming what does not fit."""
    given = event if isinstance(event, Mapping) else {}
    name = str(given.get("detail-type", ""))
    kinds = _HINTS.get(name)
    detail = given.get("detail")
    if kinds is None or not isinstance(detail, dict):
        raise Blocked(
            f"detail-type is '{name}' with detail {detail!r:.200}; expected one of"
            f" {', '.join(_HINTS)} with an object as detail"
        )
    names_invoice = InvoiceCreated in kinds and "run_id" not in detail
    try:
        if not names_invoice:
            return RunNamed.model_validate(detail)
        return InvoiceCreated.model_validate(detail)
    except ValidationError as error:
        raise Blocked(f"'{name}': {_told(error)}") from error


def closed_run(event: object) -> str:
    """The id of the run that "Billing Sync Finished" or "… Drift Found" is about."""
    named = bus_event(event)
    if isinstance(named, RunNamed):
        return named.run_id
    raise Blocked(
        "expected 'Billing Sync Finished' or 'Billing Sync Drift Found' with a run_id, got"
        f" {event!r:.200}"
    )


def trigger_event(event: object) -> Tick | InvoiceCreated | RunNamed:
    """What invoice-trigger is invoked with."""
    if isinstance(event, Mapping) and "detail-type" in event:
        return bus_event(event)
    try:
        return Tick.model_validate(event)
    except ValidationError as error:
        raise Blocked(
            f'expected {{"action": "tick"}} or an event of the bus: {_told(error)}'
        ) from error


def deliveries(event: Any) -> tuple[Delivery, ...]:
    """The messages of an SQS event; raises `Blocked` for any other event."""
    try:
        return tuple(
            Delivery(
                id=record["messageId"],
                receipt=record["receiptHandle"],
                received=int(record["attributes"]["ApproximateReceiveCount"]),
                body=record["body"],
            )
            for record in event["Records"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Blocked(
            f"expected an event of the company queue: {error!r} in {event!r:.200}"
        ) from error


def company_message(body: str) -> CompanyMessage:
    """The body of a message from the queue; raises `Blocked` naming what does not fit."""
    try:
        return CompanyMessage.model_validate(json.loads(body))
    except (json.JSONDecodeError, ValidationError) as error:
        told = _told(error) if isinstance(error, ValidationError) else str(error)
        raise Blocked(f"the message {body[:200]!r} is not a company of a run: {told}") from error


def operator_event(event: object) -> Request | Show | Stop:
    """What test-sync is pressed with; raises `Blocked` that lists the valid forms."""
    try:
        form = _OPERATOR.validate_python(event)
    except ValidationError as error:
        forms = "  ".join(FORMS)
        raise Blocked(f"{_told(error)}. Nothing was done. Valid events are: {forms}") from error
    return form if isinstance(form, Show | Stop) else form.request()


def _told(error: ValidationError) -> str:
    actions = {"sync", "preview", "release", "show", "stop"}
    return "; ".join(
        f"{'.'.join(str(s) for s in problem['loc'] if s not in actions) or 'the event'}"
        f" is {problem['input']!r:.100}: {problem['msg']}"
        for problem in error.errors(include_url=False)
    )
