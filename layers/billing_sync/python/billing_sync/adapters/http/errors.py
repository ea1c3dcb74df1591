"""What a vendor's answer other than "here it is" means for us: which error, in which words."""

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
# ConnectWise Developer Guide: where a 429 does not say how long, wait 30 seconds at first.
_PATIENCE = 30.0
_PASSING = frozenset({408, 409, 425, 429})  # 409: "Record possibly in use or another conflict"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status outside 2xx: whose, to what, and the vendor's own words with secrets removed."""

    vendor: str
    method: str
    path: str
    status: int
    said: str
    location: str = ""
    retry_after: float | None = None

    @property
    def writes(self) -> bool:
        """Whether the refused call would have changed something at the vendor."""
        return self.method == "PATCH"


def error_for(refusal: Refusal, advice: Callable[[Refusal], str]) -> BillingSyncError:
    """The error to raise; its class by HTTP status first, because vendors reuse their codes."""
    message = " ".join(filter(None, (_told(refusal), advice(refusal))))
    if 300 <= refusal.status < 400:
        return _redirected(refusal, message)
    if refusal.status in _PASSING or refusal.status >= 500:
        return _passing(refusal, message)
    return _lasting(refusal, message)


def said(body: bytes, content_type: str) -> str:
    """The vendor's message in whatever shape it came, on one line and cut to a readable length."""
    text = body.decode("utf-8", errors="replace")
    try:
        text = _message_in(json.loads(text)) or text
    except (ValueError, RecursionError):
        text = "an HTML page" if "html" in content_type.casefold() else text
    return " ".join(text.split())[:MESSAGE_LENGTH]


def seconds(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds, None when it is not there or not a number."""
    value = headers.get("Retry-After", "").strip()
    return float(value) if value.isascii() and value.isdigit() else None


def _told(refusal: Refusal) -> str:
    words = f": {refusal.said.rstrip('.')}" if refusal.said else ""
    call = f"{refusal.method} /{refusal.path}"
    return f"{refusal.vendor}: {call} answered {refusal.status}{words}."


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
    # A missing or unregistered clientId is told as 400 or as 403, depending on the server.
    if refusal.status == 401 or (
        refusal.status in {400, 403} and "clientid" in refusal.said.casefold().replace(" ", "")
    ):
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
        found = (_message_in(data.get(key)) for key in ("message", "error", "errors"))
        return "; ".join(filter(None, found))
    return ""
