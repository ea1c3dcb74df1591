"""Calls to a vendor over HTTP: reads are retried, writes never, all within the time left."""

import base64
import http.cookiejar
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from billing_sync.adapters.http.errors import Refusal, error_for, host_of, in_its_place, seconds
from billing_sync.adapters.http.rate_limit import Pace, Timing
from billing_sync.adapters.http.vendor_text import VendorText, is_html, vendor_message
from billing_sync.domain.apply.protocol import PATCH_TAKES
from billing_sync.domain.errors import Retryable, UnavailableInFront

USER_AGENT = "billing-sync/1.0.0"
_CONNECT, _READ, _TOTAL = 10.0, 60.0, PATCH_TAKES.total_seconds()
_RESERVE = 5.0  # seconds the caller needs to store its result
_LEAST = {"GET": 2.0, "POST": 2.0, "PATCH": 15.0}  # a write without its reply is worse than none
_ATTEMPTS = 5
_LARGEST = 50 * 1024 * 1024
_CHUNK = 64 * 1024
_TEXT_LENGTH = 5000  # of what is looked through for a cause
_NAME_LENGTH = 100  # of a host, a version or a content type
_CONNECTION_ERRORS = (requests.RequestException, HTTPError, OSError)
logging.getLogger("urllib3").setLevel(logging.ERROR)  # it warns with headers it cannot parse


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor's API. `base_url` ends with a slash; `advice` returns the fix for a refusal.

    `version_header` names the header with the newest version of the API, where there is one.
    """

    name: str
    base_url: str
    calls_per_minute: int
    advice: Callable[[Refusal], str]
    user: str = field(repr=False)
    password: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    version_header: str = ""


class _Session(requests.Session):
    """A session that follows no redirect.

    `allow_redirects=False` is not enough: `requests` then still parses the address, which may
    raise anything, and reads the body, however large.
    """

    # guard: no-redirect - a redirected PATCH would become a GET
    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        """None: no reply is a redirect."""
        return None


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    params: Mapping[str, str | int] | None = None
    body: object = None
    authenticated: bool = True

    def __str__(self) -> str:
        return f"{self.method} /{self.path}"


class Transport:
    """A session with one vendor; answers are parsed JSON with exact decimals.

    Raises `Retryable` for temporary failures, `CredentialsRejected`, `PermissionDenied`, `NotFound`
    and `Blocked` for what the vendor refuses, `Fatal` for a redirected read.
    """

    def __init__(self, vendor: Vendor, *, timing: Timing) -> None:
        self.base_url = vendor.base_url
        self.current_version = ""  # of the vendor's API, as its last reply said
        self._vendor = vendor
        self._timing = timing
        self._pace = Pace(vendor.calls_per_minute, monotonic=timing.monotonic)
        login = base64.b64encode(f"{vendor.user}:{vendor.password}".encode()).decode()
        self._text = VendorText((f"{vendor.user}:{vendor.password}", *vendor.secrets))
        self._login = {"Authorization": f"Basic {login}"}
        self._session = _Session()
        self._session.trust_env = False  # no proxy, .netrc or certificate file from the outside
        self._session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update({"User-Agent": USER_AGENT, **vendor.headers})

    def get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        authenticated: bool = True,
    ) -> object:
        """Read, with retries while they can help and fit the time left."""
        return self._with_retries(_Call("GET", path, params, authenticated=authenticated))

    def post_read(self, path: str, body: object) -> object:
        """Read by a POST; retried like a GET."""
        return self._with_retries(_Call("POST", path, body=body))

    def wait_to_write(self) -> None:
        """Take the next free moment for a write, and wait for it."""
        self._take_turn(_Call("PATCH", ""))

    def patch(self, path: str, body: object) -> object:
        """Write, once, and at once: `wait_to_write` goes before.

        `Retryable.ambiguous` says whether it may have been applied.
        """
        return self._with_retries(
            _Call("PATCH", path, body=body),
            attempts=1,  # guard: patch-once
        )

    def _with_retries(self, call: _Call, *, attempts: int = _ATTEMPTS) -> object:
        attempt = 1
        while True:
            try:
                return self._once(call)
            except Retryable as error:
                wait = self._wait(attempt, error.retry_after)
                if attempt == attempts or wait > self._time_for(call):
                    raise
            self._timing.sleep(wait)
            attempt += 1

    def _wait(self, attempt: int, retry_after: float | None) -> float:
        if retry_after is not None:
            return retry_after * (1 + self._timing.random() / 10)
        return float(2**attempt) * (0.5 + self._timing.random() / 2)

    def _time_for(self, call: _Call) -> float:
        return self._timing.time_left() - _RESERVE - _LEAST[call.method]

    def _once(self, call: _Call) -> object:
        if call.method != "PATCH":
            self._take_turn(call)
        most = min(_TOTAL, self._timing.time_left() - _RESERVE)
        until = self._timing.monotonic() + most
        try:
            with self._send(call, most) as response:
                body = self._body(response, until=until)
        except _CONNECTION_ERRORS as error:
            raise self._lost(call, error) from None
        return self._judged(call, response, body)

    def _take_turn(self, call: _Call) -> None:
        wait = self._pace.reserve()
        if wait > self._time_for(call):
            raise Retryable(f"{self._vendor.name}: {call} was not sent, too little time was left.")
        if wait > 0:
            self._timing.sleep(wait)

    def _send(self, call: _Call, most: float) -> requests.Response:
        return self._session.request(
            call.method,
            f"{self.base_url}{call.path}",
            params=call.params,
            json=call.body,
            headers=self._login if call.authenticated else None,
            timeout=(min(_CONNECT, most), min(_READ, most)),
            stream=True,
        )

    def _body(self, response: requests.Response, *, until: float) -> bytes:
        body = bytearray()
        # read1 returns what has arrived, so a slow reply cannot run past the deadline.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > _LARGEST:
                raise OSError(f"the answer is larger than {_LARGEST} bytes")
            if self._timing.monotonic() > until:
                raise OSError("the answer took too long")
        return bytes(body)

    def _judged(self, call: _Call, response: requests.Response, body: bytes) -> object:
        kind = response.headers.get("Content-Type", "")
        if response.status_code == 429:
            self._pace.slow_down()
        else:
            self._pace.speed_up()
        if self._vendor.version_header:
            current = response.headers.get(self._vendor.version_header, "")
            newest = self._text.message(current, length=_NAME_LENGTH)
            self.current_version = newest or self.current_version
        if not 200 <= response.status_code < 300:
            self._refused(call, response, body)
        if is_html(body, kind):
            page = f"{self._vendor.name}: {call} answered {response.status_code}: an HTML page."
            raise UnavailableInFront(
                f"{page} {in_its_place(self._vendor.name)}", ambiguous=call.method == "PATCH"
            )
        if kind and "json" not in kind.casefold():
            shown = self._text.message(kind, length=_NAME_LENGTH)
            raise self._unusable(call, f"{shown} instead of JSON")
        try:
            return self._text.data(body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise self._unusable(call, "something that is not JSON") from None

    def _refused(self, call: _Call, response: requests.Response, body: bytes) -> NoReturn:
        html = is_html(body, response.headers.get("Content-Type", ""))
        message = vendor_message(body)
        # Cleaned before it is taken apart: a secret may contain a slash.
        location = self._text.message(response.headers.get("Location", ""), length=_TEXT_LENGTH)
        refusal = Refusal(
            vendor=self._vendor.name,
            method=call.method,
            path=call.path,
            status=response.status_code,
            text="an HTML page" if html else self._text.message(message, length=_TEXT_LENGTH),
            html=html,
            authenticated=call.authenticated,
            redirected_to=host_of(location)[:_NAME_LENGTH],
            retry_after=seconds(response.headers),
            current_version=self.current_version,
        )
        raise error_for(refusal, self._vendor.advice)

    def _unusable(self, call: _Call, content: str) -> Retryable:
        writes = call.method == "PATCH"
        return Retryable(f"{self._vendor.name}: {call} answered {content}.", ambiguous=writes)

    def _lost(self, call: _Call, error: Exception) -> Retryable:
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        sent = not isinstance(reason, NewConnectionError | ConnectTimeoutError)
        message = self._text.message(str(error))
        return Retryable(
            f"{self._vendor.name}: {call} got no whole answer ({type(error).__name__}: {message}).",
            ambiguous=sent and call.method == "PATCH",
        )
