"""Guards: a suspicious change is held until a person decides."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guard that fired, with the numbers."""

    reason: Reason
    message: str


def hold(row: Row, guarded: Iterable[Guarded]) -> Row:
    """The row, held for all of these guards with their messages; unchanged for none."""
    found = tuple(guarded)
    if not found:
        return row
    messages = "; ".join(g.message for g in found)
    held = replace(
        row,
        outcome=Outcome.HELD,
        reason=found[0].reason,
        message=f"{messages}. Release this row if the new quantity is correct.",
    )
    return _with_reasons(held, found)


def hold_all(rows: Iterable[Row], guarded: tuple[Guarded, ...]) -> tuple[Row, ...]:
    """Every row that would be written, held for the run's guards.

    Held rows have these reasons as well; the others are unchanged.
    """
    return tuple(
        hold(row, guarded)
        if row.to_write
        else _with_reasons(row, guarded)
        if row.outcome is Outcome.HELD
        else row
        for row in rows
    )


def _with_reasons(row: Row, guarded: Iterable[Guarded]) -> Row:
    reasons = dict.fromkeys((*row.reasons, *(g.reason for g in guarded)))
    return replace(row, further_reasons=tuple(reasons)[1:])
