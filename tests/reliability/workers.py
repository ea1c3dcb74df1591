"""Several workers at the same time, in one thread each of which only one runs: time is simulated.

Every call to AWS or a vendor, and every sleep, lasts as long as `Latency` says; meanwhile the
others go on. Writes that are under way at the same time conflict by DynamoDB's rules.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

import time_machine

from tests.aws.memory import Call, InMemoryAws, Params, Proceed
from tests.integration.local_stack import LocalStack
from tests.reliability.without_sockets import answering

READS = frozenset({"GetItem", "Query"})


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds that a call lasts; each differs by up to a half of it, up or down."""

    vendor: float = 0.15
    read: float = 0.005
    write: float = 0.01
    transaction: float = 0.02

    def of(self, call: Call) -> float:
        """How long a call to AWS lasts."""
        if call.operation == "TransactWriteItems":
            return self.transaction
        return self.read if call.operation in READS else self.write


@dataclass(slots=True)
class _Worker:
    thread: threading.Thread
    may_run: threading.Event = field(default_factory=threading.Event)


class Simulation:
    """Runs tasks at the same time on a clock that stands still between their calls."""

    def __init__(self, clock: time_machine.Traveller, memory: InMemoryAws, *, seed: int) -> None:
        self._clock, self._memory = clock, memory
        self._latency, self._random = Latency(), Random(seed)
        self._due: list[tuple[float, int, _Worker]] = []
        self._count = 0
        self._by_thread: dict[int, _Worker] = {}
        self._scheduler = threading.Event()
        self.failed: list[BaseException] = []

    def start(self, task: Callable[[], object], *, after: float = 0.0) -> None:
        """Have a task done from `after` seconds on."""

        def run() -> None:
            self._by_thread[threading.get_ident()] = worker
            worker.may_run.wait()
            try:
                task()
            except BaseException as error:  # noqa: BLE001 - raised again by `run`
                self.failed.append(error)
            finally:
                del self._by_thread[threading.get_ident()]
                self._scheduler.set()

        worker = _Worker(threading.Thread(target=run, daemon=True))
        worker.thread.start()
        self._wake(worker, after)

    def run(self) -> None:
        """Until every task is done; raises what the first of them raised."""
        while self._due:
            at, _, worker = heappop(self._due)
            if at > time.time():
                self._clock.move_to(at)
            self._scheduler.clear()
            worker.may_run.set()
            self._scheduler.wait()
        if self.failed:
            raise self.failed[0]

    def lasts(self, seconds: float) -> None:
        """The caller's work lasts so long; somebody else may run meanwhile."""
        worker = self._by_thread.get(threading.get_ident())
        if worker is None:
            return
        worker.may_run.clear()
        self._wake(worker, seconds)
        self._scheduler.set()
        worker.may_run.wait()

    def call_lasts(self, seconds: float) -> None:
        """A call of about so many seconds."""
        self.lasts(seconds * self._random.uniform(0.5, 1.5))

    def _wake(self, worker: _Worker, seconds: float) -> None:
        self._count += 1
        heappush(self._due, (time.time() + seconds, self._count, worker))

    def _aws(self, call: Call, proceed: Proceed) -> Params:
        with self._memory.dynamodb.called_by(threading.get_ident()):
            try:
                return proceed()
            finally:
                self.call_lasts(self._latency.of(call))

    @contextmanager
    def listening(self, stack: LocalStack) -> Iterator[None]:
        """Until the end the stack's calls take their time, and overlap."""
        dynamodb, real = self._memory.dynamodb, time.sleep
        dynamodb.write_seconds = self._latency.transaction
        time.sleep = self.lasts
        vendor = answering(
            *(stack.huntress, stack.connectwise),
            before=lambda *_: self.call_lasts(self._latency.vendor),
        )
        try:
            with self._memory.listening(self._aws), vendor:
                yield
        finally:
            time.sleep, dynamodb.write_seconds = real, 0.0
