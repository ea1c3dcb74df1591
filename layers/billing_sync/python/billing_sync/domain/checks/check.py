"""Lines of permission-check: what was found, how it is fixed, and what got worse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from billing_sync.domain.wording import some


class Status(StrEnum):
    """What a check found, best first; "could not verify" is neither good nor bad."""

    PASS = "pass"  # noqa: S105 - a result, no password
    WARN = "warn"
    UNVERIFIED = "could not verify"
    FAIL = "fail"


KNOWN = (Status.PASS, Status.WARN, Status.FAIL)  # best first


@dataclass(frozen=True, slots=True)
class Found:
    """What a check says; `fix` is the click path or the command where there is one.

    `details` name what the message counts, the most telling first and not all of it.
    """

    status: Status
    message: str
    fix: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the answer. Its name stays the same, so that it can be compared by name."""

    check: str
    status: Status
    message: str
    fix: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscribers:
    """Who is told: how many confirmed it, and who has not yet."""

    confirmed: int
    pending: tuple[str, ...]


def passed(message: str, *, details: Iterable[str] = ()) -> Found:
    """All is well."""
    return Found(Status.PASS, message, details=some(details))


def warned(message: str, fix: str = "", *, details: Iterable[str] = ()) -> Found:
    """A sync works, and somebody should look at this."""
    return Found(Status.WARN, message, fix, some(details))


def unverified(message: str, fix: str = "", *, details: Iterable[str] = ()) -> Found:
    """Nothing is known, good or bad."""
    return Found(Status.UNVERIFIED, message, fix, some(details))


def failed(message: str, fix: str = "") -> Found:
    """A sync cannot work, or not as it should."""
    return Found(Status.FAIL, message, fix)


def summary(checks: Iterable[Check]) -> str:
    """`READY: 12 pass`, or how many did not pass and in which way."""
    everything = tuple(checks)
    counts = {status: sum(one.status is status for one in everything) for status in Status}
    told = ", ".join(f"{number} {status}" for status, number in counts.items() if number)
    ready = counts[Status.FAIL] == counts[Status.UNVERIFIED] == 0
    return f"{'READY' if ready else 'NOT READY'}: {told}"


def got_worse(checks: Iterable[Check], last: Mapping[str, str]) -> tuple[Check, ...]:
    """The checks whose last known finding was better.

    What could not be verified is not known to be worse, and a check that was never there before
    has nothing to be worse than: both come and go without anything having changed.
    """
    return tuple(
        one
        for one in checks
        if one.status in KNOWN
        and last.get(one.check) in KNOWN
        and KNOWN.index(one.status) > KNOWN.index(Status(last[one.check]))
    )


def known_by_now(checks: Iterable[Check], last: Mapping[str, str]) -> dict[str, str]:
    """The last known finding of every check there ever was, by name."""
    return {**last, **{one.check: one.status.value for one in checks if one.status in KNOWN}}
