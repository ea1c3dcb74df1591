"""The additions of a company that a catalog item may be billed through."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.vendors.connectwise import (
    Addition,
    Agreement,
    CatalogItem,
    UnusableAddition,
)
from billing_sync.domain.wording import folded


@dataclass(frozen=True, slots=True)
class Place:
    """An addition that can be written, with its agreement."""

    agreement: Agreement
    addition: Addition


@dataclass(frozen=True, slots=True)
class NoPlace:
    """Why there is no addition to write, and what to do about it."""

    reason: Reason
    message: str
    way_out: str = ""

    def __str__(self) -> str:
        return f"{self.message}. {self.way_out}".strip()


def carries_item(addition: Addition | UnusableAddition, item: CatalogItem) -> bool:
    """Whether the addition is of this item: by id, by identifier only where it has no id."""
    if addition.catalog_item_id is not None:
        return addition.catalog_item_id == item.id
    return folded(addition.catalog_item_identifier) == folded(item.identifier)


def item_of(addition: Addition | UnusableAddition, items: Iterable[CatalogItem]) -> int | None:
    """The id of the item that the addition carries, or None."""
    return next((item.id for item in items if carries_item(addition, item)), None)


def agreement_problem(
    agreement: Agreement, *, today: date, allowed_types: tuple[str, ...]
) -> NoPlace | None:
    """Why this agreement may not be written now, by its name, or None."""
    trouble = agreement_trouble(agreement, today=today, allowed_types=allowed_types)
    if trouble is None:
        return None
    name = f"agreement '{agreement.name}' (id {agreement.id})"
    return replace(trouble, message=f"{name} {trouble.message}")


def agreement_trouble(
    agreement: Agreement, *, today: date, allowed_types: tuple[str, ...]
) -> NoPlace | None:
    """As `agreement_problem`, without the agreement's name."""
    starts = max(filter(None, (agreement.start_date, agreement.bill_start_date)), default=None)
    if agreement.cancelled or agreement.status == "Cancelled":
        return NoPlace(Reason.AGREEMENT_CANCELLED, f"was cancelled{_on(agreement.cancelled_date)}")
    if agreement.status == "Expired":
        return NoPlace(Reason.AGREEMENT_EXPIRED, f"expired{_on(agreement.end_date)}")
    if agreement.problem:
        return NoPlace(Reason.UNUSABLE, f"cannot be used: {agreement.problem}")
    if agreement.status != "Active" or (agreement.bill_start_date or today) > today:
        when = f"before {starts}" if starts and starts > today else f"yet ({agreement.status})"
        return NoPlace(Reason.AGREEMENT_FUTURE, f"is not active {when}")
    if allowed_types and folded(agreement.type_name) not in map(folded, allowed_types):
        return NoPlace(
            Reason.AGREEMENT_TYPE,
            f"is of type '{agreement.type_name}', which the settings do not allow",
        )
    return None


def addition_problem(addition: Addition | UnusableAddition, *, today: date) -> NoPlace | None:
    """Why this addition is not in effect today, or None."""
    if addition.effective_date and addition.effective_date > today:
        return NoPlace(
            Reason.ADDITION_FUTURE,
            f"addition {addition.id} takes effect on {addition.effective_date}",
        )
    if addition.cancelled_date and addition.cancelled_date <= today:
        return NoPlace(
            Reason.ADDITION_ENDED, f"addition {addition.id} ended on {addition.cancelled_date}"
        )
    return None


def find_places(
    item: CatalogItem,
    agreements: Iterable[Agreement],
    additions: Iterable[Addition],
    *,
    today: date,
    allowed_types: tuple[str, ...],
) -> tuple[Place, ...] | NoPlace:
    """All additions of one company that carry the item and can be written; else why there is none.

    Several places are all returned: only a person may choose among them.
    """
    by_id = {agreement.id: agreement for agreement in agreements}
    places: list[Place] = []
    problems: list[NoPlace] = []
    for addition in {a.id: a for a in additions if carries_item(a, item)}.values():
        agreement = by_id[addition.agreement_id]
        problem = agreement_problem(
            agreement, today=today, allowed_types=allowed_types
        ) or addition_problem(addition, today=today)
        if problem:
            problems.append(problem)
        else:
            places.append(Place(agreement, addition))
    if places:
        return tuple(sorted(places, key=lambda place: place.addition.id))
    return _why_none(item, by_id.values(), problems, today=today, allowed_types=allowed_types)


def _why_none(
    item: CatalogItem,
    agreements: Iterable[Agreement],
    problems: list[NoPlace],
    *,
    today: date,
    allowed_types: tuple[str, ...],
) -> NoPlace:
    """The most specific reason: the additions' own, then an agreement to add to, then the rest."""
    on_agreements = [
        (a, agreement_problem(a, today=today, allowed_types=allowed_types)) for a in agreements
    ]
    if not problems:
        usable = [a for a, problem in on_agreements if problem is None]
        if usable:
            names = ", ".join(f"'{a.name}' (id {a.id})" for a in usable)
            return NoPlace(
                Reason.NO_ADDITION,
                f"no addition of {item.identifier} on {names}",
                "In ConnectWise: Finance > Agreements > the agreement > Additions > add"
                f" {item.identifier}.",
            )
        problems = [problem for _, problem in on_agreements if problem]
    if not problems:
        return NoPlace(
            Reason.NO_AGREEMENT,
            "the company has no agreement",
            f"In ConnectWise: Finance > Agreements > add one with {item.identifier}, or exclude the"
            " organization.",
        )
    order = list(Reason)  # declared most specific first
    first = min(problems, key=lambda problem: order.index(problem.reason))
    messages = "; ".join(sorted({problem.message for problem in problems}))
    return NoPlace(
        first.reason,
        messages,
        f"In ConnectWise: Finance > Agreements > put {item.identifier} on an agreement that is"
        " active today.",
    )


def _on(day: date | None) -> str:
    return f" on {day}" if day else ""
