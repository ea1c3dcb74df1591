"""Faults: what a vendor does wrong, at which call, and how often."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tools.sandbox.vendors.messages import Call, Delivery, Reply


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"  # answers `status` and `body` without applying anything
    DELAY = "delay"  # waits `seconds`, then applies and answers
    LATE_REPLY = "late_reply"  # applies at once, answers after `seconds`
    DROP_BEFORE = "drop_before"  # the connection ends, nothing was applied
    DROP_AFTER = "drop_after"  # applied, then the connection ends without an answer
    IGNORE = "ignore"  # a write answers 200 with the old object and changes nothing
    LIE = "lie"  # a write answers 200 with the new value and changes nothing
    REDIRECT = "redirect"  # 302 to `location`
    TRUNCATE = "truncate"  # applied, then valid headers and half of a JSON body, correctly framed
    CUT_OFF = "cut_off"  # applied, then the connection ends in the middle of the body
    CONTENT_TYPE = "content_type"  # the right body under `content_type`
    SHORT_PAGE = "short_page"  # a list that silently lacks its last element
    DRIP = "drip"  # the body comes in small pieces, `seconds` apart


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `path` is searched as a regular expression in the path without its query.

    It hits the `nth` matching call (1 is the first) and as many as `times` in all, 0 being for
    ever. Of several that match the oldest acts. `method` "" is every method.
    """

    kind: FaultKind
    method: str = ""
    path: str = ""
    nth: int = 1
    times: int = 1
    status: int = 500
    body: str = ""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    location: str = "/"

    def matches(self, call: Call) -> bool:
        """Whether this fault is meant for that call."""
        return self.method in {"", call.method} and re.search(self.path, call.path) is not None


class FaultList:
    """The active faults, counted down as they act. Not thread-safe: the server's lock is."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Activates one more fault."""
        self._faults.append(fault)

    @property
    def in_force(self) -> tuple[Fault, ...]:
        """Those that are left, the oldest first."""
        return tuple(self._faults)

    def clear(self) -> None:
        """Back to good behaviour."""
        self._faults.clear()

    def take(self, call: Call) -> Fault | None:
        """The fault that acts on this call; counts it."""
        for index, fault in enumerate(self._faults):
            if not fault.matches(call):
                continue
            if fault.nth > 1:
                self._faults[index] = replace(fault, nth=fault.nth - 1)
                continue
            if fault.times == 1:
                del self._faults[index]
            elif fault.times > 1:
                self._faults[index] = replace(fault, times=fault.times - 1)
            return fault
        return None


def deliver(
    call: Call,
    fault: Fault | None,
    *,
    answer: Callable[[Call], Reply],
    pause: Callable[[float], None],
) -> Delivery:
    """Answers a call with the fault's behaviour, or plainly when there is none."""
    if fault is None:
        return Delivery(answer(call))
    match fault.kind:
        case FaultKind.STATUS | FaultKind.REDIRECT | FaultKind.DROP_BEFORE:
            return _refuse(fault)
        case FaultKind.IGNORE | FaultKind.LIE:
            return Delivery(_pretend(call, answer, with_new_values=fault.kind is FaultKind.LIE))
        case FaultKind.DELAY:
            pause(fault.seconds)
            return Delivery(answer(call))
    return _spoil(fault, answer(call), pause=pause)


def _refuse(fault: Fault) -> Delivery:
    if fault.kind is FaultKind.DROP_BEFORE:
        return Delivery(None)
    if fault.kind is FaultKind.REDIRECT:
        return Delivery(Reply(302, b"", {"Location": fault.location}))
    headers = {"Content-Type": fault.content_type, **fault.headers}
    return Delivery(Reply(fault.status, fault.body.encode(), headers))


def _pretend(call: Call, answer: Callable[[Call], Reply], *, with_new_values: bool) -> Reply:
    """What a write would answer, made from a read."""
    reply = answer(replace(call, method="GET", body=b""))
    if not with_new_values:
        return reply
    changed = json.loads(reply.body)
    for operation in call.json():
        changed[operation["path"]] = operation["value"]
    return replace(reply, body=json.dumps(changed).encode())


def _spoil(fault: Fault, reply: Reply, *, pause: Callable[[float], None]) -> Delivery:
    match fault.kind:
        case FaultKind.LATE_REPLY:
            pause(fault.seconds)
            return Delivery(reply)
        case FaultKind.DROP_AFTER:
            return Delivery(None)
        case FaultKind.CUT_OFF:
            return Delivery(reply, cut_at=len(reply.body) // 2)
        case FaultKind.DRIP:
            return Delivery(reply, drip_seconds=fault.seconds)
    return Delivery(_rewritten(fault, reply))


def _rewritten(fault: Fault, reply: Reply) -> Reply:
    if fault.kind is FaultKind.TRUNCATE:
        return replace(reply, body=reply.body[: len(reply.body) // 2])
    if fault.kind is FaultKind.SHORT_PAGE:
        return replace(reply, body=_without_last_element(reply.body))
    return replace(reply, headers={**reply.headers, "Content-Type": fault.content_type})


def _without_last_element(body: bytes) -> bytes:
    """Shortens the list, be it the whole body or one value of it (Huntress's envelope)."""
    page = json.loads(body)
    rows = page if isinstance(page, list) else next(v for v in page.values() if isinstance(v, list))
    del rows[-1:]
    return json.dumps(page).encode()
