"""The money per billing cycle of changes and remainders."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from billing_sync.domain.plan.plan import Remainder, RemainderKind
from billing_sync.domain.vendors.connectwise import (
    Addition,
    Agreement,
    BillCustomer,
    CatalogItem,
)
from billing_sync.domain.vendors.usage import Product
from billing_sync.domain.wording import cents

_MARKS = {BillCustomer.DO_NOT_BILL.value: "Do Not Bill", BillCustomer.NO_CHARGE.value: "No Charge"}


def why_not_charged(addition: Addition, agreement: Agreement) -> str:
    """Why ConnectWise charges nothing for the addition, "" when it charges or has no known price.

    Units within its Less Included count as charged: the agreement's price includes them.
    """
    if mark := _MARKS.get(addition.bill_customer):
        return f"addition {addition.id} is marked {mark}"
    if mark := _MARKS.get(agreement.bill_products):
        return f"the products of agreement '{agreement.name}' (id {agreement.id}) are marked {mark}"
    return f"addition {addition.id} has a unit price of 0.00" if addition.unit_price == 0 else ""


def money_per_cycle(
    addition: Addition, agreement: Agreement, *, before: Decimal, target: Decimal
) -> Decimal | None:
    """The change in money per billing cycle; None when the addition has no price.

    ConnectWise bills what exceeds `lessIncluded`, and nothing for what it does not charge.
    """
    if why_not_charged(addition, agreement):
        return Decimal(0)
    if addition.unit_price is None:
        return None
    billed_before = max(before - addition.less_included, Decimal(0))
    billed_after = max(target - addition.less_included, Decimal(0))
    return cents((billed_after - billed_before) * addition.unit_price, agreement.currency)


def in_currency(agreements: Iterable[Agreement], currency: str) -> tuple[Agreement, ...]:
    """The agreements; this currency, ConnectWise's own, where one names none."""
    return tuple(a if a.currency else replace(a, currency=currency) for a in agreements)


def priced(
    remainders: Iterable[Remainder],
    products: Mapping[Product, int],
    catalog: Mapping[int, CatalogItem],
    *,
    currency: str,
) -> tuple[Remainder, ...]:
    """The remainders; those of unmapped organizations with their money by the catalog's price."""
    return tuple(
        replace(
            remainder,
            money=cents(_price(remainder.product, products, catalog) * remainder.units, currency),
            currency=currency,
        )
        if remainder.kind is RemainderKind.UNMAPPED
        and remainder.units is not None
        and _price(remainder.product, products, catalog)
        else remainder
        for remainder in remainders
    )


def _price(
    product: Product, products: Mapping[Product, int], catalog: Mapping[int, CatalogItem]
) -> Decimal:
    """The catalog's price, 0 where there is none."""
    item = catalog.get(products.get(product, 0))
    return item.price if item and item.price else Decimal(0)
