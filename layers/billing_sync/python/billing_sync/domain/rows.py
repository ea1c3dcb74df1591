"""One row: what its company used, where it is billed, and what becomes of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from billing_sync.domain.connectwise import CatalogItem
from billing_sync.domain.guards import Guarded, hold, row_guards
from billing_sync.domain.mapping import CompanyRules
from billing_sync.domain.matching import NoPlace, Place
from billing_sync.domain.plan import Outcome, Part, Reason, Row
from billing_sync.domain.quantity import (
    amount,
    billed_quantity,
    money_per_cycle,
    plain,
    units_in_words,
)
from billing_sync.domain.settings import Settings, ZeroPolicy

FIND_AGREEMENT = "In ConnectWise: Finance > Agreements >"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What is known of one row before it is decided.

    `unread` says which agreement of the company could not be read, "" when all were. `late` and
    `last_written` are as in `guards.row_guards`.
    """

    company_id: int
    company_name: str
    parts: tuple[Part, ...]
    item: CatalogItem
    found: tuple[Place, ...] | NoPlace
    rules: CompanyRules
    unread: str = ""
    late: str = ""
    last_written: dict[int, Decimal] | None = None


def make_row(facts: RowFacts, settings: Settings) -> Row | None:
    """The row, or None when nothing was used and there is nothing to write to."""
    row = Row(
        company_id=facts.company_id,
        company_name=facts.company_name,
        parts=facts.parts,
        outcome=Outcome.BLOCKED,
        catalog_item_id=facts.item.id,
        arithmetic=", ".join(units_in_words(p.product, p.known_units) for p in facts.parts),
    )
    if _nothing_to_do(facts):
        return None
    decided = _not_billed(row, facts) or _not_decidable(row, facts)
    if decided:
        return decided
    if isinstance(facts.found, NoPlace):
        return _without_place(row, facts.found, facts.item)
    if len(facts.found) > 1:
        return _ambiguous(row, facts.found)
    return _with_place(row, facts, facts.found[0], settings)


def _nothing_to_do(facts: RowFacts) -> bool:
    """Whether nothing was used, for certain, and nothing bills it."""
    used = any(part.known_units or part.unknown_count for part in facts.parts)
    return isinstance(facts.found, NoPlace) and not used and not facts.unread


def _not_billed(row: Row, facts: RowFacts) -> Row | None:
    reasons = {p.product: facts.rules.not_billed.get(p.product, "") for p in facts.parts}
    if not all(reasons.values()):
        return None
    told = "; ".join(f"{product}: {why}" for product, why in reasons.items())
    return replace(
        row, outcome=Outcome.EXCLUDED, reason=Reason.NOT_BILLED, message=f"not billed, {told}"
    )


def _not_decidable(row: Row, facts: RowFacts) -> Row | None:
    if len(facts.parts) > 1:
        return replace(
            row,
            reason=Reason.SHARED_ITEM,
            message=f"{row.products} are billed through one catalog item ({facts.item.identifier})."
            " Give each product its own catalog item in the settings.",
        )
    if facts.unread:
        return replace(row, reason=Reason.NOT_READ, message=facts.unread)
    unknown = [s for part in facts.parts for s in part.sources if s.units is None]
    if unknown:
        told = "; ".join(f"{s.organization_name}: {s.unknown}" for s in unknown)
        return replace(row, reason=Reason.UNKNOWN_USAGE, message=f"{told}. Unknown is not zero.")
    return None


def _without_place(row: Row, found: NoPlace, item: CatalogItem) -> Row:
    units = row.parts[0].known_units
    money = None if item.price is None else item.price * units
    cost = "" if item.cost is None else f" (cost {amount(item.cost * units)})"
    unbilled = "" if money is None else f" Not billed: {amount(money)} a cycle{cost}."
    return replace(row, reason=found.reason, message=found.message + unbilled, money=money)


def _ambiguous(row: Row, places: tuple[Place, ...]) -> Row:
    told = ", ".join(
        f"addition {p.addition.id} on '{p.agreement.name}' (id {p.agreement.id})" for p in places
    )
    return replace(
        row,
        reason=Reason.AMBIGUOUS,
        message=f"{len(places)} additions match: {told}. {FIND_AGREEMENT} Additions > cancel all"
        " but one.",
    )


def _with_place(row: Row, facts: RowFacts, place: Place, settings: Settings) -> Row:
    addition, part = place.addition, row.parts[0]
    included = facts.rules.included.get(part.product, 0)
    quantity = billed_quantity(part.product, part.known_units, included=included)
    before = addition.quantity
    row = replace(
        row,
        agreement_id=place.agreement.id,
        agreement_name=place.agreement.name,
        billing_cycle=place.agreement.billing_cycle,
        next_invoice=place.agreement.next_invoice_date,
        addition_id=addition.id,
        before=before,
        target=quantity.target,
        arithmetic=quantity.arithmetic,
        money=money_per_cycle(addition, before, quantity.target),
    )
    if included and addition.less_included:
        return replace(
            row,
            reason=Reason.INCLUDED_TWICE,
            message=f"{included} units are included by the company's rules and"
            f" {plain(addition.less_included)} by the addition's own Less Included. Remove one of"
            f" them: MAPPING / COMPANY#{row.company_id}, included.{part.product}, or in"
            f" ConnectWise: Finance > Agreements > Additions > addition {addition.id}.",
        )
    if part.known_units == 0 and settings.zero_policy is ZeroPolicy.KEEP:
        return replace(
            row,
            outcome=Outcome.UNCHANGED,
            reason=Reason.ZERO_KEPT,
            target=before,
            money=Decimal(0),
            message="nothing was used; the settings keep the quantity",
        )
    if quantity.target == before:
        return replace(row, outcome=Outcome.UNCHANGED)
    return _guarded(replace(row, outcome=Outcome.UPDATED), facts, place, settings)


def _guarded(row: Row, facts: RowFacts, place: Place, settings: Settings) -> Row:
    found = row_guards(
        row,
        place.agreement,
        settings,
        last_written=(facts.last_written or {}).get(place.addition.id),
        late=facts.late,
    )
    if row.parts[0].known_units == 0 and settings.zero_policy is ZeroPolicy.HOLD:
        zero = Guarded(Reason.ZERO, f"nothing was used and {plain(row.before)} are billed")
        found = (zero, *found)
    return hold(row, found)


def one_row_each(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows, blocked where several claim one addition (by an identifier two items share)."""
    rows = tuple(rows)
    claims = Counter(row.addition_id for row in rows)
    return tuple(
        _claimed_twice(row) if row.addition_id and claims[row.addition_id] > 1 else row
        for row in rows
    )


def _claimed_twice(row: Row) -> Row:
    return replace(
        row,
        outcome=Outcome.BLOCKED,
        reason=Reason.AMBIGUOUS,
        message=f"addition {row.addition_id} on '{row.agreement_name}' (id {row.agreement_id})"
        f" matches several catalog items. {FIND_AGREEMENT} Additions > choose its product again.",
        agreement_id=None,
        agreement_name="",
        billing_cycle="",
        next_invoice=None,
        addition_id=None,
        before=None,
        target=None,
        money=None,
    )
