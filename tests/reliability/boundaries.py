"""Every call that a function makes to AWS or to a vendor is a numbered boundary that can fail.

The AWS in memory and the vendors without sockets announce each call before it leaves, in the
thread that makes it, so that an invocation can die there as if its machine had stopped.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from botocore.exceptions import EndpointConnectionError

from tests.aws.memory import Call, InMemoryAws, Params, Proceed

AWS_READS = frozenset({"GetItem", "Query", "GetSecretValue", "GetQueueAttributes"})


class Killed(BaseException):
    """The invocation ends here; nothing of it runs any more."""


class Fate(StrEnum):
    """The ways in which a call fails."""

    KILLED = "killed"  # the invocation dies before it
    UNSENT = "unsent"  # it never arrives; the caller gets a connection error
    UNANSWERED = "unanswered"  # it has its effect, its answer is lost
    REPEATED = "repeated"  # it has its effect, its answer is lost, AWS's SDK sends it again
    LATE = "late"  # the connection is lost, the effect comes a minute later
    FORBIDDEN = "forbidden"  # the vendor refuses it once: a permission is missing


@dataclass(frozen=True, slots=True)
class Boundary:
    """One call; `fates` are those that can make a difference to it."""

    name: str
    fates: tuple[Fate, ...]


@dataclass(frozen=True, slots=True)
class VendorCall:
    """A call that left for a vendor, and the invocation it belongs to."""

    invocation: int
    method: str
    path: str
    at: datetime


Meanwhile = Callable[[], object]
Happenings = Mapping[int, Sequence[Fate | Meanwhile]]


class Boundaries:
    """Counts the calls of the invocation in progress; at each, does what the schedule asks for."""

    def __init__(self, *, spoil: Callable[[Fate, str, str], None]) -> None:
        """`spoil` makes the next call to a vendor's method and path go wrong."""
        self._spoil = spoil
        self.begin({})

    def begin(self, happenings: Happenings) -> None:
        """Start again; `happenings` are by number of boundary, from 1."""
        self._happenings = happenings
        self.crossed: list[Boundary] = []
        self.vendor_calls: list[VendorCall] = []
        self._invocations = 0
        self._inside: list[int] = []
        self._dead = False

    @contextmanager
    def listening(self, memory: InMemoryAws) -> Iterator[None]:
        """Observe all calls to AWS; calls to vendors are announced to `before_vendor`."""
        with memory.listening(self._aws):
            yield

    @contextmanager
    def invocation(self) -> Iterator[None]:
        """One invocation; one that begins inside another is left alone and not counted."""
        self._invocations += 1
        self._inside.append(self._invocations)
        try:
            yield
        finally:
            self._inside.pop()
            self._dead = False

    def before_vendor(self, method: str, path: str) -> None:
        """A call to a vendor is about to leave."""
        if not self._inside:
            return
        writes = method == "PATCH"
        more = (Fate.FORBIDDEN, *((Fate.UNANSWERED, Fate.LATE) if writes else ()))
        for fate in self._cross(f"{method} {path}", more):
            self._spoil(fate, method, path)
        call = VendorCall(self._inside[-1], method, path, datetime.now(UTC))
        self.vendor_calls.append(call)

    def _aws(self, call: Call, proceed: Proceed) -> Params:
        more = () if call.operation in AWS_READS else (Fate.UNANSWERED, Fate.REPEATED)
        fates = self._cross(call.operation, more)
        if Fate.UNSENT in fates:
            raise EndpointConnectionError(endpoint_url="https://aws")
        if fates:
            proceed()
        if Fate.UNANSWERED in fates:
            raise EndpointConnectionError(endpoint_url="https://aws")
        return proceed()

    def _cross(self, name: str, more: tuple[Fate, ...]) -> list[Fate]:
        """Count the boundary, run what is due there, and return the fates left to the caller."""
        if len(self._inside) != 1:
            return []
        if self._dead:
            raise Killed  # a clean-up on the way out is not run by the dead
        self.crossed.append(Boundary(name, (Fate.KILLED, Fate.UNSENT, *more)))
        due = self._happenings.get(len(self.crossed), ())
        for happening in due:
            if not isinstance(happening, Fate):
                happening()
        fates = [fate for fate in due if isinstance(fate, Fate)]
        if Fate.KILLED in fates:
            self._dead = True
            raise Killed
        return fates
