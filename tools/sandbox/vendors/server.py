"""The base of both stand-ins: a threaded loopback server with a log, faults, hooks, one lock."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from threading import Event, RLock, Thread
from typing import Any, Self

from tools.sandbox.vendors.admin import PREFIX, Admin
from tools.sandbox.vendors.faults import Fault, FaultKind, FaultList, deliver
from tools.sandbox.vendors.messages import Call, Delivery, Reply, Request
from tools.sandbox.vendors.wire import LoopbackServer


class VendorServer(ABC):
    """One vendor on `http://127.0.0.1:<free port>`; a context manager, or `start` and `stop`.

    `lock` guards the state: whoever reads or changes it from outside holds it.
    """

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.lock = RLock()
        self.admin = Admin()
        self._faults = FaultList()
        self._requests: list[Request] = []
        self._before: list[tuple[str, re.Pattern[str], Callable[[Call], object]]] = []
        self._after: list[tuple[str, re.Pattern[str], Callable[[Call, Reply | None], object]]] = []
        self._stopping = Event()
        self._http = LoopbackServer(self.respond)
        self._thread = Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self.admin.route("GET", "requests", lambda _: [asdict(each) for each in self._requests])
        self.admin.route("GET", "state", lambda _: self.dump())
        self.admin.route("POST", "faults", self._add_fault_from_json)
        self.admin.route("DELETE", "faults", lambda _: self.clear_faults())

    @abstractmethod
    def answer(self, call: Call) -> Reply:
        """The vendor's own behaviour; called with the lock held."""

    @abstractmethod
    def dump(self) -> dict[str, object]:
        """The state as JSON, for another process; called with the lock held."""

    @property
    def url(self) -> str:
        """Where it listens, without a trailing slash."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def requests(self) -> list[Request]:
        """What was asked so far, in the order of the replies; without the sandbox's own calls."""
        with self.lock:
            return list(self._requests)

    def start(self) -> Self:
        """Begins to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends every connection, also those that a delay keeps waiting."""
        self._stopping.set()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.close_connections()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that have not acted as often as they are to."""
        with self.lock:
            return self._faults.in_force

    def add_fault(self, fault: Fault) -> None:
        """Activates a fault for calls from now on."""
        with self.lock:
            self._faults.add(fault)

    def clear_faults(self) -> None:
        """Back to good behaviour."""
        with self.lock:
            self._faults.clear()

    def before(self, method: str, path: str, hook: Callable[[Call], object]) -> None:
        """Runs `hook` before each matching call has any effect; `method` "" is every method."""
        self._before.append((method, re.compile(path), hook))

    def after(self, method: str, path: str, hook: Callable[[Call, Reply | None], object]) -> None:
        """Runs `hook` after the effect and before the reply leaves; None is a dropped reply."""
        self._after.append((method, re.compile(path), hook))

    def respond(self, call: Call) -> Delivery:
        """Answers one call from the wire: the sandbox's own, or the vendor's with its faults."""
        if call.path.startswith(PREFIX):
            with self.lock:
                return Delivery(self.admin.answer(call))
        for method, path, hook in self._before:
            if method in {"", call.method} and path.search(call.path):
                hook(call)
        with self.lock:
            fault = self._faults.take(call)
        delivery = deliver(call, fault, answer=self._locked_answer, pause=self._pause)
        for method, path, look in self._after:
            if method in {"", call.method} and path.search(call.path):
                look(call, delivery.reply)
        self._log(call, delivery.status)
        return delivery

    def _add_fault_from_json(self, body: dict[str, Any]) -> None:
        self.add_fault(Fault(**{**body, "kind": FaultKind(body["kind"])}))

    def _locked_answer(self, call: Call) -> Reply:
        with self.lock:
            return self.answer(call)

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise ConnectionAbortedError("the sandbox stops")

    def _log(self, call: Call, status: int) -> None:
        headers = {k: v for k, v in call.headers.items() if k != "authorization"}
        body = call.body.decode(errors="replace")
        with self.lock:
            self._requests.append(
                Request(call.method, call.path, call.query, headers, body, status, self.clock())
            )
