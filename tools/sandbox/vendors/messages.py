"""What goes over the wire: a call comes in, a reply goes out, a request stays in the log."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One incoming call. Header names are lower case; `target` is the raw path and query."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    target: str

    @property
    def url_length(self) -> int:
        """Characters of the whole URL as the caller wrote it, domain included."""
        return len("https://") + len(self.headers.get("host", "")) + len(self.target)

    @property
    def basic_credentials(self) -> tuple[str, str] | None:
        """User and password of HTTP Basic, or None when there is no such header."""
        scheme, _, encoded = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, _, password = b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return None
        return user, password

    def json(self) -> Any:
        """The body as JSON, None when empty; raises ValueError when it is not JSON."""
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True, slots=True)
class Request:
    """A log entry; never has the Authorization header. `status` 0 is a dropped connection."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str
    status: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, body already in bytes."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def as_json(
        cls, value: object, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> "Reply":
        """A reply with a JSON body; datetimes are written as ISO-8601."""
        body = json.dumps(value, default=_as_text).encode()
        return cls(status, body, {"Content-Type": "application/json", **(headers or {})})


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a reply reaches the caller; no reply means that the connection is dropped.

    `cut_at` sends only so many bytes of the announced length; `drip_seconds` is the pause between
    small pieces of the body.
    """

    reply: Reply | None
    cut_at: int | None = None
    drip_seconds: float = 0.0

    @property
    def status(self) -> int:
        """The status for the log."""
        return self.reply.status if self.reply else 0


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
