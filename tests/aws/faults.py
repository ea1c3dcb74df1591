"""How AWS fails a caller: calls refused, answered otherwise, taken in part, or cut off."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import EndpointConnectionError

from tests.aws.errors import AwsError
from tests.aws.memory import Call, Params, Proceed


@dataclass(slots=True)
class Answered:
    """A listener: calls of one service or table that get this answer instead of being done.

    No `operations` are all of them; the first `spared` calls are done.
    """

    service: str
    operations: tuple[str, ...]
    answer: Params | AwsError
    spared: int = 0
    asked: int = 0

    def __call__(self, call: Call, proceed: Proceed) -> Params:
        """The answer, or that of the service."""
        named = self.service in {call.service, call.table}
        if not named or (self.operations and call.operation not in self.operations):
            return proceed()
        self.asked += 1
        if self.asked <= self.spared:
            return proceed()
        if isinstance(self.answer, AwsError):
            raise self.answer
        return dict(self.answer)


def refused(
    service: str, code: str, *operations: str, reasons: tuple[str, ...] = (), spared: int = 0
) -> Answered:
    """Calls that AWS refuses; `reasons` are those of a cancelled transaction, change by change.

    An SDK has tried as often as it would by then.
    """
    why = [{"Code": reason} for reason in reasons]
    error = AwsError(code, f"{service} refuses: {code}", CancellationReasons=why)
    return Answered(service, operations, error, spared)


@dataclass(slots=True)
class Part:
    """A listener: of the next `times` calls of one operation AWS takes all but the last entry.

    `drop` removes that entry from the request; `report` puts it into the answer.
    """

    service: str
    operation: str
    drop: Callable[[Params], Any]
    report: Callable[[Params, Any], None]
    times: int = 3
    struck: int = 0

    def __call__(self, call: Call, proceed: Proceed) -> Params:
        """The service's answer, less the entry."""
        named = self.service in {call.service, call.table} and call.operation == self.operation
        if not named or self.struck == self.times:
            return proceed()
        self.struck += 1
        entry = self.drop(call.params)
        reply = proceed()
        self.report(reply, entry)
        return reply


@dataclass(slots=True)
class CutOff:
    """A listener: from its `at`-th matching call on nobody answers.

    With `applied` the first call that fails has its effect, only its answer is lost; with `once`
    the calls after it are answered again. `seen` are the operations of the matching calls.
    """

    service: str
    operation: str = ""
    at: int = 1
    applied: bool = False
    once: bool = False
    seen: list[str] = field(default_factory=list)

    def __call__(self, call: Call, proceed: Proceed) -> Params:
        """The service's answer, as long as the connection is there."""
        if self.service not in {call.service, call.table}:
            return proceed()
        matches = self.operation in {"", call.operation}
        if matches:
            self.seen.append(call.operation)
        if matches and len(self.seen) == self.at:
            if self.applied:
                proceed()
            raise EndpointConnectionError(endpoint_url=f"https://{call.service}")
        if len(self.seen) >= self.at and not self.once:
            raise EndpointConnectionError(endpoint_url=f"https://{call.service}")
        return proceed()
