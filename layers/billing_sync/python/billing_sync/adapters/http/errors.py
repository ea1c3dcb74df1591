"""The error for each HTTP status outside 2xx, and its message."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from billing_sync.domain.errors import (
    BillingSyncError,
    Blocked,
    CredentialsRejected,
    Fatal,
    NotFound,
    PermissionDenied,
    Retryable,
)

MESSAGE_LENGTH = 300
# ConnectWise Developer Guide: after a 429 without Retry-After, first wait 30 seconds.
_PATIENCE = 30.0
_PASSING = frozenset({408, 409, 425, 429})  # 409: "Record possibly in use or another conflict"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply outside 2xx: vendor, call, status, and the vendor's message without secrets."""

    vendor: str
    method: str
    path: str
    status: int
    message: str
    location: str = ""
    retry_after: float | None = None

    @property
    def writes(self) -> bool:
        """Whether the refused call would have changed something at the vendor."""
        return self.method == "PATCH"


def error_for(refusal: Refusal, advice: Callable[[Refusal], str]) -> BillingSyncError:
    """The error to raise. HTTP status decides its class: vendors reuse their own codes."""
    message = " ".join(filter(None, (_summary(refusal), advice(refusal))))
    if 300 <= refusal.status < 400:
        return _redirected(refusal, message)
    if refusal.status in _PASSING or refusal.status >= 500:
        return _passing(refusal, message)
    return _lasting(refusal, message)


def vendor_message(body: bytes, content_type: str) -> str:
    """The vendor's message from a body of any shape, on one line of readable length."""
    text = body.decode("utf-8", errors="replace")
    try:
        text = _message_in(json.loads(text)) or text
    except (ValueError, RecursionError):
        text = "an HTML page" if "html" in content_type.casefold() else text
    return " ".join(text.split())[:MESSAGE_LENGTH]


def seconds(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds, None when it is missing or not a number."""
    value = headers.get("Retry-After", "").strip()
    return float(value) if value.isascii() and value.isdigit() else None


def _summary(refusal: Refusal) -> str:
    message = f": {refusal.message.rstrip('.')}" if refusal.message else ""
    call = f"{refusal.method} /{refusal.path}"
    return f"{refusal.vendor}: {call} answered {refusal.status}{message}."


def _redirected(refusal: Refusal, message: str) -> BillingSyncError:
    host = urlsplit(refusal.location).hostname or "another place on the same host"
    message = f"{message} It points to {host}; redirects are not followed: correct the address."
    return Retryable(message, ambiguous=True) if refusal.writes else Fatal(message)


def _passing(refusal: Refusal, message: str) -> Retryable:
    too_many = refusal.status == HTTPStatus.TOO_MANY_REQUESTS
    wait = _PATIENCE if too_many and refusal.retry_after is None else refusal.retry_after
    unsure = refusal.writes and refusal.status not in {409, 425, 429}
    return Retryable(message, retry_after=wait, ambiguous=unsure)


def _lasting(refusal: Refusal, message: str) -> BillingSyncError:
    # For a missing or unregistered clientId, servers answer 400 or 403.
    if refusal.status == 401 or (refusal.status in {400, 403} and names_client_id(refusal.message)):
        return CredentialsRejected(message)
    if refusal.status == 403:
        return PermissionDenied(message)
    if refusal.status in {404, 410}:
        return NotFound(message)
    return Blocked(message)


def _message_in(data: object) -> str:
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        return "; ".join(filter(None, map(_message_in, data)))
    if isinstance(data, dict):
        # Huntress does not document its error body; ConnectWise gives message and errors.
        code = str(data.get("code", ""))
        found = (_message_in(data.get(key)) for key in ("message", "error", "errors"))
        return "; ".join(filter(None, (code if names_client_id(code) else "", *found)))
    return ""


def names_client_id(text: str) -> bool:
    """Whether a vendor's message or code is about ConnectWise's client id, however spelled."""
    return "clientid" in "".join(filter(str.isalnum, text)).casefold()
