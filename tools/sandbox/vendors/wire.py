"""Bytes in, bytes out: the HTTP side of the stand-ins."""

import socket
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tools.sandbox.vendors.messages import Call, Delivery

_DRIP_PIECE = 64


class LoopbackServer(ThreadingHTTPServer):
    """A thread for each connection on a free port of 127.0.0.1."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, respond: Callable[[Call], Delivery]) -> None:
        self.respond = respond
        self._open: set[socket.socket] = set()
        self._open_lock = Lock()
        super().__init__(("127.0.0.1", 0), _Wire)

    def server_bind(self) -> None:
        """Binds without the name look-up of http.server, which can wait for a name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remembers the connection, so that stopping also ends idle keep-alive connections."""
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forgets and closes the connection."""
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Ends every connection that is still open."""
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was quicker

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Shows errors of the stand-in, not callers that hang up."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Wire(BaseHTTPRequestHandler):
    """One connection, kept alive as HTTP/1.1 has it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else delayed acknowledgements cost 40 ms a reply
    wbufsize = -1
    server: LoopbackServer

    def _serve(self) -> None:
        delivery = self.server.respond(self._read_call())
        if delivery.reply is None:
            self.close_connection = True
            return
        self.send_response(delivery.reply.status)
        for name, value in delivery.reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(delivery.reply.body)))
        self.end_headers()
        self._send_body(delivery.reply.body, delivery)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def _read_call(self) -> Call:
        parts = urlsplit(self.path)
        return Call(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
            target=self.path,
        )

    def _send_body(self, body: bytes, delivery: Delivery) -> None:
        if delivery.cut_at is not None:
            self.wfile.write(body[: delivery.cut_at])
            self.close_connection = True
        elif delivery.drip_seconds:
            for start in range(0, len(body), _DRIP_PIECE):
                self.wfile.write(body[start : start + _DRIP_PIECE])
                self.wfile.flush()
                time.sleep(delivery.drip_seconds)
        else:
            self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """The request log takes the place of lines on stderr."""
