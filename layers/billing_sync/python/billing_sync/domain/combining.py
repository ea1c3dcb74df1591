"""What people may set together for one catalog item of a company, and what does not go together."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from typing import Any

from billing_sync.domain.connectwise import CatalogItem
from billing_sync.domain.in_force import guard_limits, quantity_rules
from billing_sync.domain.mapping import CompanyRules
from billing_sync.domain.matching import NoPlace
from billing_sync.domain.places import NO_PIN, Pin
from billing_sync.domain.plan import Part, Reason
from billing_sync.domain.rules import QuantityRules
from billing_sync.domain.settings import Settings
from billing_sync.domain.usage import Product

# A maximum is a limit on each row; these would have to be shared out, and nobody said how.
NOT_SPLIT = ("included", "minimum", "multiple_of")


def refusal(
    parts: tuple[Part, ...],
    pins: Collection[Pin],
    item: CatalogItem,
    company: CompanyRules,
    settings: Settings,
) -> NoPlace | None:
    """Why these parts, which one catalog item bills, cannot be billed as people set it, or None."""
    products = [part.product for part in parts]
    if len(products) > 1:
        return _not_combined(products, item, company, settings)
    if any(product in company.splits for product in products):
        return _unsplit(products[0], pins, company, settings)
    return None


def _not_combined(
    products: list[Product], item: CatalogItem, company: CompanyRules, settings: Settings
) -> NoPlace | None:
    names = "+".join(products)
    if item.id not in settings.combined_catalog_items:
        return NoPlace(
            Reason.SHARED_ITEM,
            f"{names} are billed through one catalog item ({item.identifier})",
            "Give each product its own catalog item, or let them add up: SETTINGS / CURRENT,"
            f" combined_catalog_items with {item.id}.",
        )
    where = f"MAPPING / COMPANY#{company.company_id}"
    if any(product in company.splits for product in products):
        return NoPlace(
            Reason.SPLIT_BLOCKED,
            f"{names} are combined in {item.identifier}, and a split is of one product",
            f"Take the split off ({where}, split), or give the product its own catalog item.",
        )
    differing = _differences(
        [
            (p, (quantity_rules(p, company, settings), guard_limits(p, company, settings)))
            for p in products
        ]
    )
    if differing:
        return NoPlace(
            Reason.RULES_DIFFER,
            f"{names} are combined in {item.identifier}, and differ in {'; '.join(differing)}",
            f"Set the same for each: SETTINGS / CURRENT, products, or {where}.",
        )
    return None


def _differences(rules: Iterable[tuple[Product, tuple[Any, ...]]]) -> list[str]:
    """`minimum (edr 5, itdr 0)` for each rule that is not the same for all."""
    by_name: dict[str, list[tuple[Product, object]]] = {}
    for product, several in rules:
        for each in several:
            for field in fields(each):
                by_name.setdefault(field.name, []).append((product, getattr(each, field.name)))
    return [
        f"{name} ({', '.join(f'{product} {_plainly(value)}' for product, value in values)})"
        for name, values in by_name.items()
        if any(value != values[0][1] for _, value in values)
    ]


def _plainly(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _unsplit(
    product: Product, pins: Collection[Pin], company: CompanyRules, settings: Settings
) -> NoPlace | None:
    where = f"MAPPING / COMPANY#{company.company_id}"
    pinned = sorted(str(pin) for pin in pins if pin != NO_PIN)
    if pinned:
        return NoPlace(
            Reason.SPLIT_BLOCKED,
            f"{product} is split, and organizations are pinned to {', '.join(pinned)}",
            f"Take the pins off (MAPPING / ORG#<id>), or the split ({where}, split.{product}).",
        )
    rules = quantity_rules(product, company, settings)
    several = list(not_split(rules))
    if several:
        return NoPlace(
            Reason.SPLIT_BLOCKED,
            f"{product} is split, and {' and '.join(f'{n} {v}' for n, v in several)} cannot be"
            " shared out",
            f"Take it off for this company ({where}:"
            f" {', '.join(f'{n}.{product} = {getattr(QuantityRules(), n)}' for n, _ in several)}),"
            " or take the split off.",
        )
    return None


def not_split(rules: QuantityRules) -> Iterator[tuple[str, int]]:
    """The rules, by name and value, that a split product cannot follow."""
    for name in NOT_SPLIT:
        value: int = getattr(rules, name)
        if value != getattr(QuantityRules(), name):
            yield name, value
