"""One row: its company's usage, where it is billed, and its outcome."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from billing_sync.domain.config.effective import quantity_rules, strictest_limits
from billing_sync.domain.config.mappings import CompanyRules
from billing_sync.domain.config.overrides import QuantityRules, ZeroPolicy
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.guards import Guarded, hold
from billing_sync.domain.plan.money import money_per_cycle, why_not_charged
from billing_sync.domain.plan.plan import NotCharged, Row, blocked
from billing_sync.domain.plan.quantity import billed_quantity
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.allocate import Placed
from billing_sync.domain.planning.candidates import NoPlace, Place
from billing_sync.domain.planning.ending_lines import Ending
from billing_sync.domain.planning.row_guards import for_each, row_guards
from billing_sync.domain.wording import cents, plain, with_currency

FIND_AGREEMENT = "In ConnectWise: Finance > Agreements >"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """The facts of one row before its outcome is decided.

    `unread` names the agreements of the company that could not be read, `unusable` its records that
    cannot be used; "" when there are none. `pin_command` pins its units to one addition. `ending`
    is how the one addition that was found ends before the next invoice. `late`, `moved` and
    `already_billed` are as in `row_guards`; so are `last_written` and `undone`, by addition.
    """

    company_name: str
    placed: Placed
    rules: CompanyRules
    unread: str = ""
    unusable: str = ""
    late: str = ""
    moved: str = ""
    already_billed: str = ""
    pin_command: str = ""
    ending: Ending | None = None
    last_written: dict[int, Decimal] = field(default_factory=dict)
    undone: dict[int, str] = field(default_factory=dict)


def make_row(facts: RowFacts, settings: Settings) -> Row | None:
    """The row, or None when nothing was used and there is no addition."""
    placed = facts.placed
    row = Row(
        company_id=placed.company_id,
        company_name=facts.company_name,
        parts=placed.parts,
        outcome=Outcome.BLOCKED,
        catalog_item_id=placed.item.id,
        arithmetic=placed.used,
        place=placed.name,
    )
    if _nothing_to_do(facts):
        return None
    decided = _not_billed(row, facts) or _not_decidable(row, facts)
    if decided:
        return decided
    rules = _rules(row, facts, settings)
    if isinstance(placed.found, NoPlace):
        return _without_place(row, placed, placed.found, rules, currency=settings.currency)
    if len(placed.found) > 1:
        return _ambiguous(row, placed.found, facts.pin_command)
    written = _placed(row, facts, placed.found[0], rules, currency=settings.currency)
    settled = _settled(written, placed, placed.found[0], rules)
    if settled:
        return _replaced(settled, facts.ending)
    guarded = _guarded(written, facts, placed.found[0], rules, settings)
    return hold(replace(written, outcome=Outcome.UPDATED), guarded)


def _rules(row: Row, facts: RowFacts, settings: Settings) -> QuantityRules:
    """The rules of all the row's products; a split row without units must not keep its quantity."""
    rules = quantity_rules(row.parts[0].product, facts.rules, settings)
    if facts.placed.whole and rules.zero_policy is ZeroPolicy.KEEP:
        return replace(rules, zero_policy=ZeroPolicy.HOLD)
    return rules


def _nothing_to_do(facts: RowFacts) -> bool:
    """Whether certainly nothing was used, and no addition bills it."""
    used = any(part.known_units or part.unknown_count for part in facts.placed.parts)
    return not facts.placed.billed and not used and not facts.unread


def _not_billed(row: Row, facts: RowFacts) -> Row | None:
    by_product = {p.product: facts.rules.not_billed.get(p.product, "") for p in row.parts}
    if not all(by_product.values()):
        return None
    reasons = "; ".join(f"{product}: {reason}" for product, reason in by_product.items())
    return replace(
        row, outcome=Outcome.EXCLUDED, reason=Reason.NOT_BILLED, message=f"not billed, {reasons}"
    )


def _not_decidable(row: Row, facts: RowFacts) -> Row | None:
    refused = facts.placed.refused
    if refused:
        return replace(row, reason=refused.reason, message=str(refused))
    if facts.unread:
        return replace(row, reason=Reason.NOT_READ, message=facts.unread)
    if facts.unusable:  # guard: unusable-blocks-its-company
        return replace(row, reason=Reason.UNUSABLE, message=facts.unusable)
    unknown = [s for part in row.parts for s in part.sources if s.units is None]
    if unknown:
        reasons = "; ".join(f"{s.organization_name}: {s.unknown}" for s in unknown)
        return replace(row, reason=Reason.UNKNOWN_USAGE, message=f"{reasons}. Unknown is not zero.")
    return None


def _without_place(
    row: Row, placed: Placed, found: NoPlace, rules: QuantityRules, *, currency: str
) -> Row:
    units, item = _units(row), placed.item
    quantity = billed_quantity(units, rules, used=placed.used)
    money = None if item.price is None else cents(item.price * quantity.target, currency)
    cost = "" if item.cost is None else f" (cost {with_currency(item.cost * units, currency)})"
    value = "" if money is None else with_currency(money, currency)
    unbilled = "" if money is None else f" Not billed: {value} a cycle{cost}."
    return replace(
        row,
        reason=found.reason,
        message=f"{found}{unbilled}",
        arithmetic=quantity.arithmetic,
        money=money,
        currency="" if money is None else currency,
    )


def _units(row: Row) -> int:
    return sum(part.known_units for part in row.parts)


def _ambiguous(row: Row, places: tuple[Place, ...], pin_command: str) -> Row:
    """The row with every addition."""
    found = "; ".join(place.in_words() for place in places)
    sources = {s.organization_id for part in row.parts for s in part.sources}
    several = len({place.agreement.id for place in places}) > 1
    to_agreement = " and ".join(
        f"billing-sync mappings set {organization_id} {row.company_id} --agreement ID"
        for organization_id in sorted(sources)
    )
    pin = f", or pin organizations to one agreement: {to_agreement}"
    return replace(
        row,
        reason=Reason.AMBIGUOUS,
        message=f"{len(places)} additions match: {found}. Pin the one that bills these units:"
        f" {pin_command}{pin if several else ''}.",
    )


def _replaced(row: Row, ending: Ending | None) -> Row:
    """The row, held where another quantity may be billed from the next invoice on."""
    same = row.outcome is Outcome.UNCHANGED and row.reason is Reason.NONE
    if same and ending and row.before is not None and ending.changes(row.before):
        return hold(row, (ending.guarded,))
    return replace(row, ends_on=None) if row.ends_on else row


def _placed(row: Row, facts: RowFacts, place: Place, rules: QuantityRules, *, currency: str) -> Row:
    """The row with its addition, and the quantity by the rules; `currency` is the catalog's."""
    addition, used = place.addition, facts.placed.used
    quantity = billed_quantity(_units(row), rules, used=used, before=addition.quantity)
    not_charged = _not_charged(row, facts, place, quantity.target, currency=currency)
    return replace(
        row,
        message=not_charged.message if not_charged else _charged_again(row, facts),
        not_charged=not_charged,
        agreement_id=place.agreement.id,
        agreement_name=place.agreement.name,
        billing_cycle=place.agreement.billing_cycle,
        next_invoice=place.agreement.next_invoice_date,
        addition_id=addition.id,
        before=addition.quantity,
        target=quantity.target,
        arithmetic=quantity.arithmetic,
        money=money_per_cycle(
            addition, place.agreement, before=addition.quantity, target=quantity.target
        ),
        currency=place.agreement.currency,
        last_written=facts.last_written.get(addition.id),
        ends_on=facts.ending.on if facts.ending else None,
        any_type=place.pinned,
        in_effect_by=place.in_effect_by,
    )


def _not_charged(
    row: Row, facts: RowFacts, place: Place, target: Decimal, *, currency: str
) -> NotCharged | None:
    """Why nothing is charged for these units, None where they are charged or included."""
    why = why_not_charged(place.addition, place.agreement)
    if not why or not target or not _units(row):
        return None
    price = facts.placed.item.price
    worth = None if price is None else cents(price * target, currency)
    reasons = [facts.rules.not_charged.get(part.product, "") for part in row.parts]
    if all(reasons):
        accepted = "; ".join(dict.fromkeys(reasons))
        return NotCharged(f"{why}; accepted: {accepted}", accepted, worth, currency)
    accept = " and ".join(
        f"billing-sync mappings not-charged {row.company_id} {part.product} --reason WHY"
        for part in row.parts
    )
    return NotCharged(
        f"{why}: nothing is charged. {FIND_AGREEMENT} '{place.agreement.name}', or accept it:"
        f" {accept}",
        worth=worth,
        currency=currency,
    )


def _charged_again(row: Row, facts: RowFacts) -> str:
    """That a person's acceptance has ended, "" where there is none."""
    ended = [part.product for part in row.parts if part.product in facts.rules.not_charged]
    if not ended or not _units(row):
        return ""
    remove = " and ".join(
        f"billing-sync mappings not-charged {row.company_id} {product} --charged"
        for product in ended
    )
    return f"charged again, so its acceptance as not charged has ended. Remove it: {remove}"


def _settled(row: Row, placed: Placed, place: Place, rules: QuantityRules) -> Row | None:
    """The row when nothing may or need be written, else None."""
    less_included = place.addition.less_included
    if rules.included and less_included:
        return blocked(
            row,
            Reason.INCLUDED_TWICE,
            f"{rules.included} units are included by the quantity rules and"
            f" {plain(less_included)} by the addition's own Less Included. Set one of them to 0:"
            f" MAPPING / COMPANY#{row.company_id}, {for_each('included', row)}, or in ConnectWise:"
            f" Finance > Agreements > Additions > addition {row.addition_id}.",
        )
    if placed.short:
        return None
    if _units(row) == 0 and rules.zero_policy is ZeroPolicy.KEEP:
        return replace(
            row,
            outcome=Outcome.UNCHANGED,
            reason=Reason.ZERO_KEPT,
            message="nothing was used; the zero policy keeps the quantity",
        )
    return replace(row, outcome=Outcome.UNCHANGED) if row.target == row.before else None


def _guarded(
    row: Row, facts: RowFacts, place: Place, rules: QuantityRules, settings: Settings
) -> tuple[Guarded, ...]:
    placed = facts.placed
    guarded = row_guards(
        row,
        place.agreement,
        limits=strictest_limits([part.product for part in row.parts], facts.rules, settings),
        rules=rules,
        shared=placed.whole,
        undone=facts.undone.get(place.addition.id, ""),
        late=facts.late,
        moved=facts.moved,
        already_billed=facts.already_billed,
    )
    split = Guarded(Reason.SPLIT, placed.short) if placed.short else None
    first = (split, facts.ending.guarded if facts.ending else None)
    return (*filter(None, first), *guarded)
