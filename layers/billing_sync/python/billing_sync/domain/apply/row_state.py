"""The state of an open run: the rows being applied and the companies with work left."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from billing_sync.domain.apply.protocol import Intent
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason

DECLINED = "declined"  # what a row that a person declined has instead of a run


@dataclass(frozen=True, slots=True)
class Written:
    """`ADDITIONS/<id>`: the last quantity we wrote to an addition, by which run in which turn.

    An undo restores the quantity of the write before, None where there was none.
    """

    addition_id: int
    agreement_id: int
    catalog_item_id: int
    company_id: int
    company_name: str
    quantity: Decimal | None
    run_id: str
    turn: int = 0


@dataclass(frozen=True, slots=True)
class RowState:
    """The state of a row in the ledger; `done` rows never change again, except to be copied once.

    `planned_write` is whether the plan was to write it, whatever its outcome since. `refused` is
    how many attempts ConnectWise, or something in front of it, refused outright. `copied_by` is the
    run that released or undid the row, `DECLINED` where a person declined it, "" where neither is
    the case.
    """

    row: Row
    done: bool
    planned_write: bool
    intent: Intent | None = None
    refused: int = 0
    copied_by: str = ""

    @property
    def declined(self) -> bool:
        """Whether a person decided that the row stays as it is."""
        return self.copied_by == DECLINED

    @property
    def planned(self) -> Row:
        """The row as it was planned, whatever its outcome since."""
        if not self.planned_write:
            return self.row
        return replace(self.row, outcome=Outcome.UPDATED, reason=Reason.NONE)


def planned_rows(rows: Iterable[Row], *, apply: bool) -> tuple[RowState, ...]:
    """The rows of a fresh plan; with `apply`, those to be written are not done."""
    return tuple(
        RowState(row, done=not (apply and row.to_write), planned_write=row.to_write) for row in rows
    )


class Permit(StrEnum):
    """Whether a company's rows may be written."""

    OPEN = "open"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class OpenCompany:
    """The marker of a company with work left; `sent` counts the messages sent for it.

    It is the permit to write: an intent is taken only while `permit` is open.
    """

    company_id: int
    sent: int = 0
    sent_at: datetime | None = None
    permit: Permit = Permit.OPEN


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A line of an addition's history, written before (`intent`) or after (`result`) an effect."""

    addition_id: int
    agreement_id: int
    company_id: int
    run_id: str
    turn: int
    attempt: int
    kind: str
    by: str
    at: datetime
    before: Decimal
    target: Decimal
    outcome: str = ""
    message: str = ""
