"""The events of our bus and queue, checked; what does not fit is refused by name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, PositiveInt, StringConstraints, ValidationError

from billing_sync.adapters.events.validation import named
from billing_sync.domain import event_types
from billing_sync.domain.errors import Blocked
from billing_sync.domain.vendors.huntress import InvoiceSource

RunId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\d{6,}-[a-z]+$")]


class Strict(BaseModel):
    """A form that takes its own fields and no others."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as SQS delivers it; `received` counts its deliveries, from 1."""

    id: str
    receipt: str
    received: int
    body: str


class Tick(Strict):
    """The schedule's beat."""

    action: Literal["tick"]


class Detail(Strict):
    """The detail of an event; one without a version, as a person types it, is of the first."""

    schema_version: Literal[1] = 1


class InvoiceCreated(Detail):
    """`Huntress Invoice Created`: a hint that this invoice exists."""

    source: InvoiceSource
    invoice_id: PositiveInt


class RunNamed(Detail):
    """`Billing Sync Requested`, `… Continued`, `… Finished`, `… Drift Found`: about this run."""

    run_id: RunId


class InvoiceVoided(RunNamed):
    """`Billing Sync Invoice Voided`: about the run that took the invoice."""


class ReminderDue(RunNamed):
    """`Billing Sync Reminder`: about the run that holds something."""


class CompanyMessage(Strict):
    """One company of one run, from the queue."""

    schema_version: Literal[1]
    run_id: RunId
    company_id: PositiveInt


_HINTS: dict[str, tuple[type[InvoiceCreated] | type[RunNamed], ...]] = {
    event_types.INVOICE_CREATED: (InvoiceCreated,),
    event_types.REQUESTED: (RunNamed,),
    event_types.CONTINUED: (RunNamed, InvoiceCreated),
    event_types.FINISHED: (RunNamed,),
    event_types.DRIFT_FOUND: (RunNamed,),
    event_types.INVOICE_VOIDED: (InvoiceVoided,),
    event_types.REMINDER: (ReminderDue,),
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
        kind = InvoiceCreated if names_invoice else kinds[0]
        return kind.model_validate(detail)
    except ValidationError as error:
        raise Blocked(f"'{name}': {named(error)}") from error


def report_event(event: object) -> RunNamed:
    """What run-report is invoked with: the run, and by its class what is to be told of it."""
    named = bus_event(event)
    if isinstance(named, RunNamed):
        return named
    raise Blocked(
        "expected 'Billing Sync Finished', '… Drift Found', '… Invoice Voided' or '… Reminder' with"
        f" a run_id, got {event!r:.200}"
    )


def trigger_event(event: object) -> Tick | InvoiceCreated | RunNamed:
    """What invoice-trigger is invoked with."""
    if isinstance(event, Mapping) and "detail-type" in event:
        return bus_event(event)
    try:
        return Tick.model_validate(event)
    except ValidationError as error:
        raise Blocked(
            f'expected {{"action": "tick"}} or an event of the bus: {named(error)}'
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
        told = named(error) if isinstance(error, ValidationError) else str(error)
        raise Blocked(f"the message {body[:200]!r} is not a company of a run: {told}") from error
