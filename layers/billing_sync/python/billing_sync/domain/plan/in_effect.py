"""Whether an addition may be written on a day: one rule for the plan and for the write itself."""

from dataclasses import dataclass, replace
from datetime import date

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.vendors.connectwise import Addition, Agreement, UnusableAddition
from billing_sync.domain.wording import folded


@dataclass(frozen=True, slots=True)
class NotInEffect:
    """Why an addition or its agreement may not be written."""

    reason: Reason
    message: str


def line_problem(
    addition: Addition, agreement: Agreement, *, today: date, allowed_types: tuple[str, ...]
) -> NotInEffect | None:
    """Why this addition may not be written today, or None; no types allow every type."""
    return agreement_problem(
        agreement, today=today, allowed_types=allowed_types
    ) or addition_problem(addition, today=today)


def problem_on(
    addition: Addition, agreement: Agreement, day: date, *, today: date
) -> NotInEffect | None:
    """Why this addition is not in effect on a later day, as far as its dates show, or None."""
    return line_problem(addition, as_on(agreement, day, today=today), today=day, allowed_types=())


def as_on(agreement: Agreement, day: date, *, today: date) -> Agreement:
    """The agreement as ConnectWise will show it on a later day, as far as its dates show.

    One that has not started is Inactive (docs/vendors/connectwise.md#agreements).
    """
    starts, ends = starts_on(agreement), agreement.end_date
    if agreement.status == "Active" and ends and ends <= day:
        return replace(agreement, status="Expired")
    starting = starts is not None and today < starts <= day
    if agreement.status == "Inactive" and starting and not (ends and ends <= day):
        return replace(agreement, status="Active")
    return agreement


def starts_on(agreement: Agreement, addition: Addition | None = None) -> date | None:
    """The day from which the agreement, or its addition, is billed; None where none is given."""
    effective = addition.effective_date if addition else None
    days = (agreement.start_date, agreement.bill_start_date, effective)
    return max(filter(None, days), default=None)


def ends_on(addition: Addition, agreement: Agreement) -> date | None:
    """The first end of the addition and its agreement, whatever their status shows.

    The date of a cancellation counts only with its flag: a reactivated agreement may keep the date.
    """
    return min(filter(None, (addition.cancelled_date, agreement.end_date)), default=None)


def agreement_problem(
    agreement: Agreement, *, today: date, allowed_types: tuple[str, ...]
) -> NotInEffect | None:
    """Why this agreement may not be written now, by its name, or None."""
    trouble = agreement_trouble(agreement, today=today, allowed_types=allowed_types)
    if trouble is None:
        return None
    name = f"agreement '{agreement.name}' (id {agreement.id})"
    return replace(trouble, message=f"{name} {trouble.message}")


def agreement_trouble(
    agreement: Agreement, *, today: date, allowed_types: tuple[str, ...]
) -> NotInEffect | None:
    """As `agreement_problem`, without the agreement's name."""
    starts = starts_on(agreement)
    if agreement.cancelled or agreement.status == "Cancelled":
        return NotInEffect(
            Reason.AGREEMENT_CANCELLED, f"was cancelled{_on(agreement.cancelled_date)}"
        )
    if agreement.status == "Expired":
        return NotInEffect(Reason.AGREEMENT_EXPIRED, f"expired{_on(agreement.end_date)}")
    if agreement.problem:
        return NotInEffect(Reason.UNUSABLE, f"cannot be used: {agreement.problem}")
    if agreement.status != "Active" or (agreement.bill_start_date or today) > today:
        when = f"before {starts}" if starts and starts > today else f"yet ({agreement.status})"
        return NotInEffect(Reason.AGREEMENT_FUTURE, f"is not active {when}")
    if allowed_types and folded(agreement.type_name) not in map(folded, allowed_types):
        return NotInEffect(
            Reason.AGREEMENT_TYPE,
            f"is of type '{agreement.type_name}', which the settings do not allow",
        )
    return None


def addition_problem(addition: Addition | UnusableAddition, *, today: date) -> NotInEffect | None:
    """Why this addition is not in effect today, or None."""
    if addition.effective_date and addition.effective_date > today:
        return NotInEffect(
            Reason.ADDITION_FUTURE,
            f"addition {addition.id} takes effect on {addition.effective_date}",
        )
    if addition.cancelled_date and addition.cancelled_date <= today:
        return NotInEffect(
            Reason.ADDITION_ENDED, f"addition {addition.id} ended on {addition.cancelled_date}"
        )
    return None


def _on(day: date | None) -> str:
    return f" on {day}" if day else ""
