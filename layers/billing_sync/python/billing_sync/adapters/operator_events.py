"""What test-sync is pressed with, checked; what does not fit is told with the valid forms."""

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PositiveInt,
    StrictBool,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from billing_sync.adapters.events import RunId, Strict
from billing_sync.adapters.validation import named
from billing_sync.domain.errors import Blocked
from billing_sync.domain.run import Mode, Request

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Companies = Annotated[list[PositiveInt], Field(min_length=1)]


class _Sync(Strict):
    action: Literal["sync"] = "sync"
    by: Text = "operator"
    companies: Companies | None = None

    def request(self) -> Request:
        return Request(Mode.SYNC, self.by, tuple(sorted(self.companies or ())))


class _Preview(Strict):
    action: Literal["preview"]
    by: Text = "operator"
    companies: Companies | None = None

    def request(self) -> Request:
        return Request(Mode.PREVIEW, self.by, tuple(sorted(self.companies or ())))


class _Forecast(Strict):
    action: Literal["forecast"]
    by: Text = "operator"
    companies: Companies | None = None

    def request(self) -> Request:
        companies = tuple(sorted(self.companies or ()))
        return Request(Mode.PREVIEW, self.by, companies, as_of_now=True)


class _Release(Strict):
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


class _Undo(Strict):
    action: Literal["undo"]
    run_id: RunId
    by: Text
    companies: Companies | None = None
    preview: StrictBool = False

    def request(self) -> Request:
        return Request(
            Mode.PREVIEW if self.preview else Mode.UNDO,
            self.by,
            tuple(sorted(self.companies or ())),
            source_run_id=self.run_id,
        )


class Show(Strict):
    """Tell of one run, or of the newest."""

    action: Literal["show"]
    run_id: Annotated[str, StringConstraints(pattern=r"^(\d{6,}-[a-z]+)?$")] = ""


class Stop(Strict):
    """End a run."""

    action: Literal["stop"]
    run_id: RunId
    by: Text


FORMS = (
    "{}",
    '{"action": "preview"}',
    '{"action": "forecast"}',
    '{"action": "release", "run_id": "000012-sync", "plan_hash": "<64 digits>", "by": "<name>"}',
    '{"action": "undo", "run_id": "000012-sync", "by": "<name>", "preview": true}',
    '{"action": "undo", "run_id": "000012-sync", "by": "<name>"}',
    '{"action": "show"}',
    '{"action": "show", "run_id": "000012-sync"}',
    '{"action": "stop", "run_id": "000012-sync", "by": "<name>"}',
)


LOOKING_FORMS = tuple(
    form for form in FORMS if any(f'"{it}"' in form for it in ("preview", "forecast", "show"))
)


def _with_action(event: Any) -> Any:
    return {"action": "sync", **event} if isinstance(event, dict) else event


_Operator = Annotated[
    _Sync | _Preview | _Forecast | _Release | _Undo | Show | Stop, Field(discriminator="action")
]
_OPERATOR: TypeAdapter[Any] = TypeAdapter(Annotated[_Operator, BeforeValidator(_with_action)])
_ACTIONS = frozenset({"sync", "preview", "forecast", "release", "undo", "show", "stop"})


def operator_event(event: object) -> Request | Show | Stop:
    """What test-sync is pressed with; raises `Blocked` that lists the valid forms."""
    form = _form(event, valid=FORMS)
    return form if isinstance(form, Show | Stop) else form.request()


def looking_event(event: object) -> Request | Show:
    """An event that writes nothing, whoever sends it; raises `Blocked` at every other one."""
    form = _form(event, valid=LOOKING_FORMS)
    if isinstance(form, Show):
        return form
    asked = None if isinstance(form, Stop) else form.request()
    if isinstance(asked, Request) and asked.mode is Mode.PREVIEW:
        return asked
    raise Blocked(
        "this function only looks. To sync, release, undo or stop, press test-sync, which takes the"
        " right to approve"
    )


def _form(event: object, *, valid: tuple[str, ...]) -> Any:
    try:
        return _OPERATOR.validate_python(event)
    except ValidationError as error:
        wrong, forms = named(error, tags=_ACTIONS), "  ".join(valid)
        raise Blocked(f"{wrong}. Nothing was done. Valid events are: {forms}") from error
