"""Vendors that answer in the caller's thread: sockets are too slow for thousands of schedules.

What HTTP itself can do wrong (slow, cut off, malformed) is tested over real sockets elsewhere.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import RemoteDisconnected
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from tools.sandbox.vendors.messages import Call
from tools.sandbox.vendors.server import VendorServer


@contextmanager
def answering(*vendors: VendorServer, before: Callable[[str, str], object]) -> Iterator[None]:
    """Until the end `requests` reaches these vendors directly; `before` gets method and path."""
    by_address = {vendor.url: vendor for vendor in vendors}
    over_sockets = HTTPAdapter.send

    def send(adapter: HTTPAdapter, request: requests.PreparedRequest, **_: Any) -> Any:
        call = _call(request)
        before(call.method, call.target.partition("?")[0])
        parts = urlsplit(str(request.url))
        delivery = by_address[f"{parts.scheme}://{parts.netloc}"].respond(call)
        assert delivery.cut_at is None and not delivery.drip_seconds, "this needs a socket"
        if delivery.reply is None:
            gone = RemoteDisconnected("Remote end closed connection without response")
            raise requests.ConnectionError(ProtocolError("Connection aborted.", gone))
        reply = delivery.reply
        raw = HTTPResponse(
            BytesIO(reply.body), headers=reply.headers, status=reply.status, preload_content=False
        )
        return adapter.build_response(request, raw)

    HTTPAdapter.send = send
    try:
        yield
    finally:
        HTTPAdapter.send = over_sockets


def _call(request: requests.PreparedRequest) -> Call:
    """The request as the stand-in's wire reads it."""
    parts = urlsplit(request.path_url)
    body = request.body or b""
    return Call(
        method=str(request.method),
        path=unquote(parts.path),
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body.encode() if isinstance(body, str) else body,
        target=request.path_url,
    )
