"""Which choices for one catalog item of a company cannot be combined."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields

from billing_sync.domain.config.destinations import NO_PIN, Pin
from billing_sync.domain.config.effective import quantity_rules
from billing_sync.domain.config.mappings import CompanyRules
from billing_sync.domain.config.overrides import QuantityRules
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.plan import Part
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.planning.candidates import NoPlace
from billing_sync.domain.vendors.connectwise import CatalogItem
from billing_sync.domain.vendors.usage import Product

# A maximum is a limit on each row; these would have to be divided, and no rule says how.
NOT_SPLIT = ("included", "minimum", "multiple_of")


def refusal(
    parts: tuple[Part, ...],
    pins: Collection[Pin],
    item: CatalogItem,
    company: CompanyRules,
    settings: Settings,
) -> NoPlace | None:
    """Why these parts, which one catalog item bills, cannot be billed as configured, or None."""
    if item.problem:
        return NoPlace(
            Reason.NO_CATALOG_ITEM,
            item.problem,
            "Set it to the id of the catalog item in this company's rules.",
        )
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
    rules = {product: quantity_rules(product, company, settings) for product in products}
    differing = _differences(rules)
    if differing:
        return NoPlace(
            Reason.RULES_DIFFER,
            f"{names} are combined in {item.identifier}, and differ in {'; '.join(differing)}",
            f"Set the same for each: SETTINGS / CURRENT, products, or {where}.",
        )
    return None


def _differences(rules: Mapping[Product, QuantityRules]) -> list[str]:
    """`minimum (edr 5, itdr 0)` for each rule that is not the same for all."""
    return [
        f"{rule.name} ({', '.join(f'{product} {value}' for product, value in values.items())})"
        for rule in fields(QuantityRules)
        for values in [{product: getattr(own, rule.name) for product, own in rules.items()}]
        if len(set(values.values())) > 1
    ]


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
