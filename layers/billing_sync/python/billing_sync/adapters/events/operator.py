"""The events of test-sync and sync-preview, validated."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from billing_sync.adapters.events.bus_events import RunId, Strict
from billing_sync.adapters.events.validation import named
from billing_sync.domain.errors import Blocked
from billing_sync.domain.runs.run import BY_INVOICE, Mode, Request


def _person(by: str) -> str:
    if by.casefold() == BY_INVOICE:
        raise ValueError(
            f"'{BY_INVOICE}' is reserved for runs that an invoice starts; name yourself"
        )
    return by


Person = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_person)
]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# Rows held for such a reason are released by themselves, never together with others.
ReleasedApart = Annotated[list[Literal["ends_before_invoice"]], Field(min_length=1, max_length=1)]
Companies = Annotated[list[Annotated[int, Field(strict=True, gt=0)]], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Start:
    """A run to start; with `wait` the answer comes once it is closed, if there is time."""

    request: Request
    wait: bool


class _WithWait(Strict):
    wait: StrictBool = True


class _ForCompanies(_WithWait):
    companies: Companies | None = None

    @property
    def only(self) -> tuple[int, ...]:
        return tuple(sorted(set(self.companies or ())))


class _Sync(_ForCompanies):
    action: Literal["sync"] = "sync"
    by: Person = "operator"

    def request(self) -> Request:
        return Request(Mode.SYNC, self.by, self.only)


class _Preview(_ForCompanies):
    action: Literal["preview"]
    by: Person = "operator"

    def request(self) -> Request:
        return Request(Mode.PREVIEW, self.by, self.only)


class _Forecast(_ForCompanies):
    action: Literal["forecast"]
    by: Person = "operator"

    def request(self) -> Request:
        return Request(Mode.PREVIEW, self.by, self.only, as_of_now=True)


class _Release(_ForCompanies):
    action: Literal["release"]
    run_id: RunId
    plan_hash: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9a-f]{64}$")]
    by: Person
    reasons: ReleasedApart | None = None

    def request(self) -> Request:
        return Request(
            Mode.RELEASE,
            self.by,
            self.only,
            source_run_id=self.run_id,
            plan_hash=self.plan_hash,
            reasons=tuple(self.reasons or ()),
        )


class _Undo(_ForCompanies):
    action: Literal["undo"]
    run_id: RunId
    by: Person
    preview: StrictBool = False

    def request(self) -> Request:
        return Request(
            Mode.PREVIEW if self.preview else Mode.UNDO,
            self.by,
            self.only,
            source_run_id=self.run_id,
        )


class Show(Strict):
    """Show one run, or the newest ones."""

    action: Literal["show"]
    run_id: Annotated[str, StringConstraints(pattern=r"^(\d{6,}-[a-z]+)?$")] = ""


class ShowInvoices(Strict):
    """Show one invoice, or the newest ones."""

    action: Literal["invoices"]
    invoice_id: Annotated[int, Field(strict=True, gt=0)] | None = None


class Decline(Strict):
    """Leave the held and blocked rows of these companies as they are."""

    action: Literal["decline"]
    run_id: RunId
    companies: Companies
    reason: Reason
    by: Person

    @property
    def only(self) -> tuple[int, ...]:
        """The companies, each once."""
        return tuple(sorted(set(self.companies)))


class Stop(_WithWait):
    """End a run."""

    action: Literal["stop"]
    run_id: RunId
    by: Person


Form = Start | Show | ShowInvoices | Decline | Stop
_RUN = {"run_id": "000012-sync"}
_SIGNED = {**_RUN, "by": "<your name>"}
# The valid events, to copy; an answer to an invalid event shows them.
FORMS: dict[str, dict[str, object]] = {
    "sync the last invoice": {},
    "preview it, and write nothing": {"action": "preview"},
    "only these companies": {"action": "preview", "companies": [250, 251]},
    "forecast the next invoice": {"action": "forecast"},
    "release what was held or previewed": {
        "action": "release",
        **_SIGNED,
        "plan_hash": "<plan_hash as that run shows it>",
    },
    "release rows that end before the agreement's next invoice": {
        "action": "release",
        **_SIGNED,
        "plan_hash": "<plan_hash as that run shows it>",
        "reasons": ["ends_before_invoice"],
    },
    "decline held or blocked rows: they stay as they are": {
        "action": "decline",
        **_SIGNED,
        "companies": [250],
        "reason": "<why they stay as they are>",
    },
    "preview an undo": {"action": "undo", **_SIGNED, "preview": True},
    "undo what a run wrote": {"action": "undo", **_SIGNED},
    "list the newest runs": {"action": "show"},
    "show one run": {"action": "show", **_RUN},
    "is an invoice done? the newest ones": {"action": "invoices"},
    "is this invoice done?": {"action": "invoices", "invoice_id": 5003},
    "stop a run": {"action": "stop", **_SIGNED},
}


READER_FORMS = {
    name: form
    for name, form in FORMS.items()
    if form.get("action") in ("preview", "forecast", "show", "invoices") or "preview" in form
}


def _with_action(event: Any) -> Any:
    return {"action": "sync", **event} if isinstance(event, dict) else event


_Operator = Annotated[
    _Sync | _Preview | _Forecast | _Release | _Undo | Show | ShowInvoices | Decline | Stop,
    Field(discriminator="action"),
]
_OPERATOR: TypeAdapter[Any] = TypeAdapter(Annotated[_Operator, BeforeValidator(_with_action)])
_ACTIONS = frozenset(
    {"sync", "preview", "forecast", "release", "undo", "show", "invoices", "decline", "stop"}
)


def operator_event(event: object) -> Form:
    """The event of test-sync; raises `Blocked` with what is invalid."""
    form = _form(event)
    return (
        form
        if isinstance(form, Show | ShowInvoices | Decline | Stop)
        else Start(form.request(), wait=form.wait)
    )


def reader_event(event: object) -> Form:
    """The event of sync-preview, which writes nothing; raises `Blocked` for any other."""
    form = _form(event)
    if isinstance(form, Show | ShowInvoices):
        return form
    start = None if isinstance(form, Decline | Stop) else Start(form.request(), wait=form.wait)
    if start and start.request.mode is Mode.PREVIEW:
        return start
    raise Blocked(
        "this function only looks. To sync, release, decline, undo or stop, press test-sync, which"
        " takes the right to approve"
    )


def _form(event: object) -> Any:
    try:
        return _OPERATOR.validate_python(event)
    except ValidationError as error:
        raise Blocked(named(error, tags=_ACTIONS)) from error
