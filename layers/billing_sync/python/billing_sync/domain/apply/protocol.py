"""The outcome of one row: what to do with an addition, given our intent and its current state.

ConnectWise has no idempotency key, no ETag and no conditional PATCH, so safety comes from absolute
values, an intent recorded before each PATCH, and a read after it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing_sync.domain.plan.in_effect import (
    NotInEffect,
    line_problem,
    problem_on,
)
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.vendors.connectwise import Addition, Agreement
from billing_sync.domain.wording import plain

PATCH_WITHIN = timedelta(seconds=10)  # of its intent, or not at all
PATCH_TAKES = timedelta(minutes=2)  # at most, until its answer is given up
LANDS_LATE = timedelta(minutes=2)  # a PATCH whose answer was given up may still be applied
# After an intent; one early look proves nothing.
SETTLING_TIME = PATCH_WITHIN + PATCH_TAKES + LANDS_LATE
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Intent:
    """Written before a PATCH: its number, its time, and `_info.lastUpdated` as it was then."""

    attempt: int
    at: datetime
    last_updated: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The row is done."""

    outcome: Outcome
    reason: Reason = Reason.NONE
    message: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """Write the intent, then PATCH."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The result is not known yet; read again, no sooner than this time."""

    at: datetime


def next_step(
    row: Row,
    intent: Intent | None,
    addition: Addition,
    agreement: Agreement,
    *,
    at: datetime,
    today: date,
    allowed_types: tuple[str, ...] = (),
    refused: int = 0,
) -> Finish | Write | LookAgain:
    """Decide from a strongly consistent row and a fresh read; `today` is in the settings' zone.

    `allowed_types` are the agreement types of the run's settings, empty for all. `refused` is how
    many attempts were refused outright. They do not count as failed ones; they only use up numbers.
    """
    changed = _not_writable(row, addition, agreement, today=today, allowed_types=allowed_types)
    blocked = changed and Finish(
        Outcome.BLOCKED,
        changed.reason,
        f"changed since the plan: {changed.message}. Preview again.",
    )
    if intent is None:
        return (
            blocked  # guard: writable-at-first
            or _first_look(row, addition, Intent(1, at, addition.last_updated))
        )
    if addition.quantity == row.target:
        return Finish(Outcome.UPDATED)
    if (
        addition.quantity != row.before  # guard: edit-after-intent
        or addition.last_updated != intent.last_updated  # guard: save-after-intent
    ):
        return _conflict(row, addition)
    if at < intent.at + SETTLING_TIME:  # guard: settling-time
        return LookAgain(intent.at + SETTLING_TIME)
    if intent.attempt - refused >= MAX_ATTEMPTS:  # guard: five-attempts
        return Finish(
            Outcome.FAILED,
            Reason.TOO_MANY_ATTEMPTS,
            f"ConnectWise did not take {plain(row.target)} in {MAX_ATTEMPTS} attempts. Set it by"
            " hand, or sync again.",
        )
    return (
        blocked  # guard: writable-again
        or Write(Intent(intent.attempt + 1, at, addition.last_updated))
    )


def _first_look(row: Row, addition: Addition, intent: Intent) -> Finish | Write:
    if addition.quantity == row.target:  # guard: nothing-to-write
        return Finish(Outcome.UNCHANGED)
    if addition.quantity != row.before:  # guard: edit-since-plan
        return _conflict(row, addition)
    return Write(intent)


def _not_writable(
    row: Row,
    addition: Addition,
    agreement: Agreement,
    *,
    today: date,
    allowed_types: tuple[str, ...],
) -> NotInEffect | None:
    """Why ConnectWise no longer shows the addition as what the plan may write, or None."""
    name = f"agreement '{agreement.name}' (id {agreement.id})"
    if addition.catalog_item_id not in (None, row.catalog_item_id):
        return NotInEffect(
            Reason.GONE,
            f"addition {addition.id} became another catalog item"
            f" ({addition.catalog_item_identifier})",
        )
    if agreement.company_id != row.company_id:
        return NotInEffect(
            Reason.AGREEMENT_MOVED,
            f"{name} belongs to {agreement.company_name} (id {agreement.company_id})",
        )
    if row.in_effect_by and row.in_effect_by > today:
        problem = problem_on(addition, agreement, row.in_effect_by, today=today)
    else:
        types = () if row.any_type else allowed_types
        problem = line_problem(addition, agreement, today=today, allowed_types=types)
    ended = agreement.end_date
    if not problem and ended and ended < today and ended != row.ends_on:
        problem = NotInEffect(Reason.AGREEMENT_EXPIRED, f"{name} ended on {ended}")
    return problem


def _conflict(row: Row, addition: Addition) -> Finish:
    by = f" by {addition.updated_by}" if addition.updated_by else ""
    return Finish(
        Outcome.CONFLICT,
        Reason.CHANGED_SINCE_PLAN,
        f"planned from {plain(row.before)} to {plain(row.target)}, but it holds"
        f" {plain(addition.quantity)}, changed"
        f"{by} since. Nothing was overwritten. Look at it in ConnectWise.",
    )


def after_accepted(row: Row, addition: Addition) -> Finish:
    """The outcome by a fresh read after ConnectWise's 200, whatever its reply showed."""
    if addition.quantity == row.target:  # guard: read-back
        return Finish(Outcome.UPDATED)
    if addition.quantity != row.before:  # guard: edit-after-200
        return _conflict(row, addition)
    return Finish(
        Outcome.FAILED,
        Reason.ACCEPTED_BUT_UNCHANGED,
        f"ConnectWise accepted {plain(row.target)} but still holds"
        f" {plain(addition.quantity)}. A person, a workflow or an agreement rule may have undone"
        " it; set it by hand and look there.",
    )
