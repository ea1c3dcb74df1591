"""The lines of permission-check: findings, how to fix them, and which got worse."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from billing_sync.domain.wording import some


class Status(StrEnum):
    """The result of a check, best first; "could not verify" is neither good nor bad."""

    PASS = "pass"  # noqa: S105 - a result, no password
    WARN = "warn"
    UNVERIFIED = "could not verify"
    FAIL = "fail"


KNOWN = (Status.PASS, Status.WARN, Status.FAIL)  # best first


@dataclass(frozen=True, slots=True)
class Found:
    """The finding of a check; `fix` is the click path or the command where there is one.

    `details` list some of what the message counts, the most important first.
    """

    status: Status
    message: str
    fix: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the answer. Its name is stable, for comparison with earlier answers."""

    check: str
    status: Status
    message: str
    fix: str = ""
    details: tuple[str, ...] = ()


def passed(message: str, *, details: Iterable[str] = ()) -> Found:
    """All is well."""
    return Found(Status.PASS, message, details=some(details))


def warned(message: str, fix: str = "", *, details: Iterable[str] = ()) -> Found:
    """A sync works, but somebody should look at this."""
    return Found(Status.WARN, message, fix, some(details))


def unverified(message: str, fix: str = "", *, details: Iterable[str] = ()) -> Found:
    """The result is unknown."""
    return Found(Status.UNVERIFIED, message, fix, some(details))


def failed(message: str, fix: str = "", *, details: Iterable[str] = ()) -> Found:
    """A sync cannot work, or not correctly."""
    return Found(Status.FAIL, message, fix, some(details))


def summary(checks: Iterable[Check]) -> str:
    """`READY: 12 pass`, or `NOT READY` with the number of checks by status."""
    counts = Counter(check.status for check in checks)
    numbers = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
    ready = counts[Status.FAIL] == counts[Status.UNVERIFIED] == 0
    return f"{'READY' if ready else 'NOT READY'}: {numbers}"


def got_worse(checks: Iterable[Check], last: Mapping[str, str]) -> tuple[Check, ...]:
    """The checks whose last known finding was better.

    A check that could not be verified is not known to be worse, and a new check has no earlier
    finding: both appear and disappear without any change.
    """
    return tuple(
        check
        for check in checks
        if check.status in KNOWN
        and last.get(check.check) in KNOWN
        and KNOWN.index(check.status) > KNOWN.index(Status(last[check.check]))
    )


def known_by_now(checks: Iterable[Check], last: Mapping[str, str]) -> dict[str, str]:
    """The last known finding of every check so far, by name."""
    return {
        **last,
        **{check.check: check.status.value for check in checks if check.status in KNOWN},
    }
