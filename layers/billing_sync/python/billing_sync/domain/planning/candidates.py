"""The additions of a company that a catalog item may be billed through."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing_sync.domain.plan.in_effect import NotInEffect, agreement_problem, ends_on, line_problem
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.vendors.connectwise import (
    Addition,
    Agreement,
    CatalogItem,
    UnusableAddition,
)
from billing_sync.domain.wording import folded, plain


@dataclass(frozen=True, slots=True)
class Place:
    """An addition that can be written, with its agreement.

    `pinned` is whether a person named this very addition; `in_effect_by` is as in `Row`.
    """

    agreement: Agreement
    addition: Addition
    pinned: bool = False
    in_effect_by: date | None = None

    def in_words(self) -> str:
        """`addition 7 on 'Security' (id 20): 24, recurring, from 2025-01-01`."""
        kind = "one-time" if self.addition.one_time else "recurring"
        starts, ends = self.addition.effective_date, ends_on(self.addition, self.agreement)
        days = [f"from {starts}" if starts else "", f"until {ends}" if ends else ""]
        return (
            f"addition {self.addition.id} on '{self.agreement.name}' (id {self.agreement.id}):"
            f" {', '.join([plain(self.addition.quantity), kind, *filter(None, days)])}"
        )


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
    problems: list[NotInEffect] = []
    for addition in {a.id: a for a in additions if carries_item(a, item)}.values():
        agreement = by_id[addition.agreement_id]
        problem = line_problem(addition, agreement, today=today, allowed_types=allowed_types)
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
    problems: list[NotInEffect],
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
