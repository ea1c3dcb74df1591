"""What changes and remainders are worth, in money per billing cycle."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from billing_sync.domain.plan.plan import Remainder, RemainderKind
from billing_sync.domain.vendors.connectwise import Addition, BillCustomer, CatalogItem
from billing_sync.domain.vendors.usage import Product


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


def priced(
    remainders: Iterable[Remainder],
    products: Mapping[Product, int],
    catalog: Mapping[int, CatalogItem],
) -> tuple[Remainder, ...]:
    """The remainders; those of unmapped organizations with what they are worth by the catalog."""
    return tuple(
        replace(one, money=_price(one.product, products, catalog) * one.units)
        if one.kind is RemainderKind.UNMAPPED
        and one.units is not None
        and _price(one.product, products, catalog)
        else one
        for one in remainders
    )


def _price(
    product: Product, products: Mapping[Product, int], catalog: Mapping[int, CatalogItem]
) -> Decimal:
    """The catalog's price, 0 where there is none."""
    item = catalog.get(products.get(product, 0))
    return item.price if item and item.price else Decimal(0)
