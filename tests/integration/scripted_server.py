"""A vendor that says what a test tells it to, over real HTTP, and remembers what it was asked."""

import json
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from billing_sync.adapters.pacing import Timing


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `raw` replaces the JSON; `promised` announces a longer body than comes."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str = "application/json"
    promised: int | None = None
    hang_up: bool = False

    @property
    def payload(self) -> bytes:
        return json.dumps(self.body).encode() if self.raw is None else self.raw


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: object
    target: str


class ScriptedServer:
    """Answers each method and path with its replies in turn, the last one for ever."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply]] = defaultdict(list)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def on(self, call: str, *replies: Reply) -> None:
        """`call` is a method and a path: "GET /v1/actor"."""
        self._replies[call] = list(replies)

    def calls(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    def answer(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            replies = self._replies.get(f"{asked.method} {asked.path}")
            if not replies:
                return Reply({"message": f"no script for {asked.method} {asked.path}"}, 418)
            return replies.pop(0) if len(replies) > 1 else replies[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class StandStill:
    """Time that passes only by sleeping, so that no test waits."""

    def __init__(self, *, left: float = 900) -> None:
        self.now = 0.0
        self.left = left
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def timing(self) -> Timing:
        return Timing(
            time_left=lambda: self.left - self.now,
            sleep=self.sleep,
            monotonic=lambda: self.now,
            random=lambda: 0.0,
        )


def _handler_of(script: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            reply = script.answer(self._asked())
            if reply.hang_up:
                self.close_connection = True
                return
            payload = reply.payload
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(reply.promised or len(payload)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)
            self.close_connection = reply.promised is not None

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - the names http.server looks for

        def _asked(self) -> Asked:
            address = urlsplit(self.path)
            length = int(self.headers.get("Content-Length", 0))
            return Asked(
                method=self.command,
                path=address.path,
                query={name: values[0] for name, values in parse_qs(address.query).items()},
                headers=dict(self.headers),
                body=json.loads(self.rfile.read(length)) if length else None,
                target=self.path,
            )

        def log_message(self, *args: object) -> None:
            """Tests read `asked`, not a log."""

    return Handler
