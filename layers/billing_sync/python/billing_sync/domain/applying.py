"""Where an open run stands: the rows being applied and the companies with work left."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from billing_sync.domain.plan import Row
from billing_sync.domain.protocol import Intent


@dataclass(frozen=True, slots=True)
class RowState:
    """A row of the ledger as it stands: `done` rows never change again, but to be released once."""

    row: Row
    plan_pass: int
    done: bool
    intent: Intent | None = None
    released_by: str = ""


@dataclass(frozen=True, slots=True)
class OpenCompany:
    """The marker of a company with work left; `sent` counts the messages sent for it."""

    company_id: int
    sent: int = 0
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of an addition's history, written before (`intent`) or after (`result`) an effect."""

    addition_id: int
    agreement_id: int
    company_id: int
    run_id: str
    sequence: int
    attempt: int
    kind: str
    by: str
    at: datetime
    before: Decimal
    target: Decimal
    outcome: str = ""
    message: str = ""
