"""The error for each HTTP status outside 2xx, and its message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from billing_sync.adapters.http.vendor_text import MESSAGE_LENGTH, names_client_id
from billing_sync.domain.errors import (
    ApiVersionRefused,
    BillingSyncError,
    Blocked,
    CredentialsRejected,
    Fatal,
    NotFound,
    PermissionDenied,
    RefusedInFront,
    Retryable,
    UnavailableInFront,
)

LONGEST_WAIT = 24 * 60 * 60.0
# ConnectWise Developer Guide: after a 429 without Retry-After, first wait 30 seconds.
_PATIENCE = 30.0
_PASSING = frozenset({408, 409, 425, 429})  # 409: "Record possibly in use or another conflict"
# Both vendors answer these in JSON; an HTML page is from whatever stands between them and us.
_IN_FRONT = frozenset({400, 403, 405, 406, 451})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply outside 2xx: vendor, call, status, and the vendor's text, cleaned.

    `html` is whether the reply was an HTML page. `redirected_to` is the host it points to,
    `current_version` the newest version of the API, as far as the vendor says so.
    """

    vendor: str
    method: str
    path: str
    status: int
    text: str
    html: bool = False
    authenticated: bool = True
    redirected_to: str = ""
    retry_after: float | None = None
    current_version: str = ""

    @property
    def writes(self) -> bool:
        """Whether the refused call would have changed something at the vendor."""
        return self.method == "PATCH"

    @property
    def message(self) -> str:
        """The vendor's text at readable length."""
        return self.text[:MESSAGE_LENGTH]

    @property
    def of_client_id(self) -> bool:
        """Whether the client id was refused: servers answer 400, 401 or 403 for it."""
        return names_client_id(self.text)

    @property
    def of_version(self) -> bool:
        """Whether the version of the API was refused (docs/vendors/connectwise.md#errors)."""
        # At its end: the address of the call, of up to 2,000 characters, goes before.
        said = "does not support the api version" in self.text.casefold()
        return said and 400 <= self.status < 500

    @property
    def in_front(self) -> bool:
        """Whether a firewall, an allow list or a proxy refused, and not the vendor's API."""
        forbidden = self.status == 403 and not self.authenticated  # a page that is for everybody
        return self.status == 407 or forbidden or (self.html and self.status in _IN_FRONT)


def error_for(refusal: Refusal, advice: Callable[[Refusal], str]) -> BillingSyncError:
    """The error to raise. HTTP status decides its class: vendors reuse their own codes."""
    if refusal.in_front:
        return RefusedInFront(f"{_summary(refusal)} {_let_through(refusal.vendor)}")
    message = " ".join(filter(None, (_summary(refusal), advice(refusal))))
    if refusal.of_version:
        return ApiVersionRefused(message)
    if 300 <= refusal.status < 400:
        return _redirected(refusal, message)
    if refusal.status in _PASSING or refusal.status >= 500:
        return _passing(refusal, message)
    return _lasting(refusal, message)


def seconds(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds, a day at most; None when it is missing or not a number."""
    value = headers.get("Retry-After", "").strip()
    return min(float(value), LONGEST_WAIT) if value.isascii() and value.isdigit() else None


def host_of(location: str) -> str:
    """The host that a redirect points to; "" where there is none, or none that can be read."""
    try:
        return urlsplit(location).hostname or ""
    except ValueError:
        return ""


def _summary(refusal: Refusal) -> str:
    message = f": {refusal.message.rstrip('.')}" if refusal.message else ""
    call = f"{refusal.method} /{refusal.path}"
    return f"{refusal.vendor}: {call} answered {refusal.status}{message}."


def _let_through(vendor: str) -> str:
    return (
        f"Something in front of {vendor} (a firewall, an IP allow list, a proxy) refused the call;"
        " keys and permissions are not the cause. Have it let this stack's calls through; they"
        " come from AWS addresses that change (docs/addresses.md)."
    )


def in_its_place(vendor: str) -> str:
    """What a page means that came with a status which passes, or with 200."""
    return (
        f"Something in front of {vendor} (a firewall, a proxy), or its maintenance page, answered"
        " in its place. It is tried again."
    )


def _redirected(refusal: Refusal, message: str) -> BillingSyncError:
    host = refusal.redirected_to or "another place on the same host"
    message = f"{message} It points to {host}; redirects are not followed: correct the address."
    return Retryable(message, ambiguous=True) if refusal.writes else Fatal(message)


def _passing(refusal: Refusal, message: str) -> Retryable:
    too_many = refusal.status == HTTPStatus.TOO_MANY_REQUESTS
    wait = _PATIENCE if too_many and refusal.retry_after is None else refusal.retry_after
    refused = refusal.status in {409, 425, 429}
    kind = Retryable
    if refusal.html and refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
        kind = UnavailableInFront
        message = f"{message} {in_its_place(refusal.vendor)}"
    ambiguous = refusal.writes and not refused
    return kind(message, retry_after=wait, ambiguous=ambiguous, refused=refused)


def _lasting(refusal: Refusal, message: str) -> BillingSyncError:
    if refusal.status == 401 or (refusal.status in {400, 403} and refusal.of_client_id):
        return CredentialsRejected(message)
    if refusal.status == 403:
        return PermissionDenied(message)
    if refusal.status in {404, 410}:
        return NotFound(message)
    return Blocked(message)
