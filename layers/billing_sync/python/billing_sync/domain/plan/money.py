"""The money per billing cycle of changes and remainders."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from billing_sync.domain.plan.plan import Remainder, RemainderKind
from billing_sync.domain.vendors.connectwise import Addition, BillCustomer, CatalogItem
from billing_sync.domain.vendors.usage import Product


def money_per_cycle(addition: Addition, before: Decimal, target: Decimal) -> Decimal | None:
    """The change in money per billing cycle; None when the addition has no price.

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
    """The remainders; those of unmapped organizations with their money by the catalog's price."""
    return tuple(
        replace(remainder, money=_price(remainder.product, products, catalog) * remainder.units)
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
