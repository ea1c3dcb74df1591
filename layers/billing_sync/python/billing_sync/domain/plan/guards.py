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
    """The row, held for the first of these guards with the messages of all; unchanged for none."""
    found = tuple(guarded)
    if not found:
        return row
    reasons = "; ".join(g.message for g in found)
    return replace(
        row,
        outcome=Outcome.HELD,
        reason=found[0].reason,
        message=f"{reasons}. Release it if right.",
    )


def hold_all(rows: Iterable[Row], guarded: tuple[Guarded, ...]) -> tuple[Row, ...]:
    """Every row that would be written, held for the run's guards; the others unchanged."""
    return tuple(hold(row, guarded) if row.to_write else row for row in rows)
