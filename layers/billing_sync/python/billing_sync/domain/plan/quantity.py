"""From units used to the quantity an addition should have, with the arithmetic in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing_sync.domain.config.overrides import QuantityRules, ZeroPolicy
from billing_sync.domain.plan.plan import Part
from billing_sync.domain.vendors.usage import Product
from billing_sync.domain.wording import counted, plain

UNIT_WORDS = {
    Product.EDR: ("agent", "agents"),
    Product.ITDR: ("identity", "identities"),
    Product.SAT: ("learner", "learners"),
    Product.SIEM: ("log source", "log sources"),
    Product.ISPM: ("identity", "identities"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity and its arithmetic."""

    target: Decimal
    arithmetic: str


def units_in_words(product: Product, units: int) -> str:
    """`12 agents`, `1 learner`."""
    singular, plural = UNIT_WORDS[product]
    return f"{units} {singular if units == 1 else plural}"


def sum_in_words(parts: Iterable[Part]) -> str:
    """`12 agents`, `unknown`, and of several products `12 agents + 30 identities = 42`."""
    parts = tuple(parts)
    words = " + ".join(map(_part_in_words, parts))
    unknown = any(part.unknown_count for part in parts)
    if len(parts) == 1 or unknown:
        return words
    return f"{words} = {sum(part.known_units for part in parts)}"


def _part_in_words(part: Part) -> str:
    """`7 agents + 1 organization unknown`; where no units are known, `unknown`."""
    known = units_in_words(part.product, part.known_units)
    if not part.unknown_count:
        return known
    unknown = f"{counted(part.unknown_count, 'organization')} unknown"
    return f"{known} + {unknown}" if part.known_units else "unknown"


def billed_quantity(
    units: int, rules: QuantityRules, *, used: str, before: Decimal = Decimal(0)
) -> Quantity:
    """The quantity for the units `used` (in words), before any maximum; `before` is billed now.

    >>> billed_quantity(12, QuantityRules(included=2, minimum=15), used="12 agents")
    Quantity(target=Decimal('15'), arithmetic='12 agents - 2 included = 10, minimum 15 -> 15')
    """
    steps = [used]
    if units == 0 and rules.zero_policy is ZeroPolicy.KEEP:
        return Quantity(before, f"{steps[0]}, kept at {plain(before)}")
    target = max(units - rules.included, 0)
    if rules.included:
        steps = [f"{steps[0]} - {rules.included} included = {target}"]
    if target < rules.minimum:
        target = rules.minimum
        steps.append(f"minimum {rules.minimum} -> {target}")
    if target % rules.multiple_of:
        target += rules.multiple_of - target % rules.multiple_of
        steps.append(f"multiple of {rules.multiple_of} -> {target}")
    return Quantity(Decimal(target), ", ".join(steps))
