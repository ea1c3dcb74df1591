"""Invocations at the same time, each in a container of its own: only sleeping takes time.

One thread runs at a time, until it sleeps or ends; then the clock moves to whoever is due next. So
the same invocations always meet at the same moments.
"""

import heapq
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from types import ModuleType

import time_machine

from tests.integration.local_stack import LambdaContext


@dataclass(frozen=True, slots=True)
class Until(LambdaContext):
    """An invocation that Lambda ends at a moment (a time stamp)."""

    end: float = field(kw_only=True)

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.end - time.time()) * 1000))


class Containers:
    """Runs what is started, in the order in which it is due."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, threading.Semaphore]] = []
        self._numbers = count()
        self._at_rest = threading.Semaphore(0)
        self._inside = threading.local()

    def start(self, work: Callable[[], object], *, after: float = 0.0) -> None:
        """Let the work begin in so many seconds."""
        turn = self._turn(after)

        def run() -> None:
            turn.acquire()
            self._inside.container = True
            try:
                work()
            finally:
                self._at_rest.release()

        threading.Thread(target=run, daemon=True).start()

    def step(self) -> None:
        """Move to the next moment that somebody waits for, and let them go on from there."""
        at, _, turn = heapq.heappop(self._due)
        self._clock.shift(max(0.0, at - time.time()))
        turn.release()
        self._at_rest.acquire()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Until the end, sleeping in a container lets the others run; no clock moves otherwise."""
        before = time.sleep, time.monotonic
        time.sleep, time.monotonic = self._sleep, time.time
        try:
            yield
        finally:
            time.sleep, time.monotonic = before

    def _sleep(self, seconds: float) -> None:
        if not getattr(self._inside, "container", False):
            self._clock.shift(seconds)
            return
        turn = self._turn(seconds)
        self._at_rest.release()
        turn.acquire()

    def _turn(self, after: float) -> threading.Semaphore:
        turn = threading.Semaphore(0)
        heapq.heappush(self._due, (time.time() + after, next(self._numbers), turn))
        return turn


def fresh(handler: ModuleType) -> ModuleType:
    """The handler as a cold container loads it: with a memory of its own."""
    spec = spec_from_file_location(f"{handler.__name__}_cold", str(handler.__file__))
    assert isinstance(spec, ModuleSpec) and spec.loader
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded
