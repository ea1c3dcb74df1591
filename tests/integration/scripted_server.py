"""A vendor that gives a test's replies over the sandbox's HTTP, and remembers what it was asked."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Self

from billing_sync.adapters.http.rate_limit import Timing
from tools.sandbox.vendors import messages
from tools.sandbox.vendors.messages import Call, Delivery
from tools.sandbox.vendors.wire import LoopbackServer


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
    def delivery(self) -> Delivery:
        """The answer as it goes over the wire."""
        if self.hang_up:
            return Delivery(None)
        payload = json.dumps(self.body).encode() if self.raw is None else self.raw
        headers = {"Content-Type": self.content_type, **self.headers}
        if self.promised is None:
            return Delivery(messages.Reply(self.status, payload, headers))
        announced = messages.Reply(self.status, payload.ljust(self.promised), headers)
        return Delivery(announced, cut_at=len(payload))


class ScriptedServer:
    """Answers each method and path with its replies in turn, the last one for ever."""

    def __init__(self) -> None:
        self.asked: list[Call] = []
        self._replies: dict[str, list[Reply]] = defaultdict(list)
        self._lock = Lock()
        self._http = LoopbackServer(self._respond)
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def on(self, call: str, *replies: Reply) -> None:
        """`call` is a method and a path: "GET /v1/actor"."""
        self._replies[call] = list(replies)

    def calls(self, path: str) -> list[Call]:
        return [asked for asked in self.asked if asked.path == path]

    def _respond(self, asked: Call) -> Delivery:
        with self._lock:
            self.asked.append(asked)
            replies = self._replies.get(f"{asked.method} {asked.path}")
            if not replies:
                told = {"message": f"no script for {asked.method} {asked.path}"}
                return Reply(told, 418).delivery
            return (replies.pop(0) if len(replies) > 1 else replies[0]).delivery

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.close_connections()
        self._http.server_close()
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
