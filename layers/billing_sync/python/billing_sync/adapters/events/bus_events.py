"""The events of our bus and queue, validated; an invalid one is refused with its problems."""

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
    """A model that allows no other fields."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as SQS delivers it; `received` counts its deliveries, from 1."""

    id: str
    receipt: str
    received: int
    body: str


class Tick(Strict):
    """The event of the schedule."""

    action: Literal["tick"]


class Detail(Strict):
    """The detail of an event; without a version, as typed by a person, it is version 1."""

    schema_version: Literal[1] = 1


class InvoiceCreated(Detail):
    """`Huntress Invoice Created`: this invoice may be new."""

    source: InvoiceSource
    invoice_id: PositiveInt


class RunNamed(Detail):
    """`Billing Sync Requested`, `… Continued`, `… Finished`, `… Drift Found`: about this run."""

    run_id: RunId


class InvoiceVoided(RunNamed):
    """`Billing Sync Invoice Voided`: about the run that took the invoice."""


class ReminderDue(RunNamed):
    """`Billing Sync Reminder`: about the run with held rows."""


class CompanyMessage(Strict):
    """One company of one run, from the queue."""

    schema_version: Literal[1]
    run_id: RunId
    company_id: PositiveInt


_DETAILS: dict[str, tuple[type[InvoiceCreated] | type[RunNamed], ...]] = {
    event_types.INVOICE_CREATED: (InvoiceCreated,),
    event_types.REQUESTED: (RunNamed,),
    event_types.CONTINUED: (RunNamed, InvoiceCreated),
    event_types.FINISHED: (RunNamed,),
    event_types.DRIFT_FOUND: (RunNamed,),
    event_types.INVOICE_VOIDED: (InvoiceVoided,),
    event_types.REMINDER: (ReminderDue,),
}


def bus_event(event: object) -> InvoiceCreated | RunNamed:
    """The detail of an event from our bus; raises `Blocked` with what is invalid."""
    given = event if isinstance(event, Mapping) else {}
    name = str(given.get("detail-type", ""))
    kinds = _DETAILS.get(name)
    detail = given.get("detail")
    if kinds is None or not isinstance(detail, dict):
        raise Blocked(
            f"detail-type is '{name}' with detail {detail!r:.200}; expected one of"
            f" {', '.join(_DETAILS)} with an object as detail"
        )
    names_invoice = InvoiceCreated in kinds and "run_id" not in detail
    try:
        kind = InvoiceCreated if names_invoice else kinds[0]
        return kind.model_validate(detail)
    except ValidationError as error:
        raise Blocked(f"'{name}': {named(error)}") from error


def report_event(event: object) -> RunNamed:
    """The event of run-report: its run, and by its class the kind of report."""
    named = bus_event(event)
    if isinstance(named, RunNamed):
        return named
    raise Blocked(
        "expected 'Billing Sync Finished', '… Drift Found', '… Invoice Voided' or '… Reminder' with"
        f" a run_id, got {event!r:.200}"
    )


def trigger_event(event: object) -> Tick | InvoiceCreated | RunNamed:
    """The event of invoice-trigger."""
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
    """The body of a message from the queue; raises `Blocked` with what is invalid."""
    try:
        return CompanyMessage.model_validate(json.loads(body))
    except (json.JSONDecodeError, ValidationError) as error:
        problem = named(error) if isinstance(error, ValidationError) else str(error)
        raise Blocked(f"the message {body[:200]!r} is not a company of a run: {problem}") from error
