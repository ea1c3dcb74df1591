"""From units used to the quantity an addition should have, with the arithmetic in words."""

from dataclasses import dataclass
from decimal import Decimal

from billing_sync.domain.connectwise import Addition, BillCustomer
from billing_sync.domain.usage import Product

UNIT_WORDS = {
    Product.EDR: ("agent", "agents"),
    Product.ITDR: ("identity", "identities"),
    Product.SAT: ("learner", "learners"),
    Product.SIEM: ("log source", "log sources"),
    Product.ISPM: ("identity", "identities"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity and how it came about."""

    target: Decimal
    arithmetic: str


def plain(number: Decimal | None) -> str:
    """`12`, `12.5`, or "" where there is none."""
    if number is None:
        return ""
    return format(number.normalize(), "f") if number else "0"


def amount(money: Decimal, *, sign: str = "") -> str:
    """Money to the cent, `70.00`; with `sign="+"` also `+70.00`."""
    return format(money, f"{sign}.2f")


def units_in_words(product: Product, units: int) -> str:
    """`12 agents`, `1 learner`."""
    singular, plural = UNIT_WORDS[product]
    return f"{units} {singular if units == 1 else plural}"


def billed_quantity(product: Product, units: int, *, included: int = 0) -> Quantity:
    """The quantity for `units` used, after the units that another price already includes.

    >>> billed_quantity(Product.EDR, 12, included=2)
    Quantity(target=Decimal('10'), arithmetic='12 agents - 2 included = 10')
    """
    used = units_in_words(product, units)
    if not included:
        return Quantity(Decimal(units), used)
    target = max(units - included, 0)
    return Quantity(Decimal(target), f"{used} - {included} included = {target}")


def money_per_cycle(addition: Addition, before: Decimal, target: Decimal) -> Decimal | None:
    """What the change is worth per billing cycle; None when the addition has no price.

    ConnectWise bills what exceeds `lessIncluded`, and nothing for DoNotBill and NoCharge.
    """
    if addition.bill_customer is not BillCustomer.BILLABLE:
        return Decimal(0)
    if addition.unit_price is None:
        return None
    billed_before = max(before - addition.less_included, Decimal(0))
    billed_after = max(target - addition.less_included, Decimal(0))
    return (billed_after - billed_before) * addition.unit_price
