"""What applies to one company and product: its own choice, else the product's, else the general."""

from collections.abc import Iterable
from dataclasses import fields, replace

from billing_sync.domain.config.destinations import Pin
from billing_sync.domain.config.mappings import CompanyRules, Mappings, OrganizationMapping
from billing_sync.domain.config.overrides import QuantityRules, narrowed
from billing_sync.domain.config.settings import Guards, Settings
from billing_sync.domain.vendors.usage import Product


def quantity_rules(product: Product, company: CompanyRules, settings: Settings) -> QuantityRules:
    """How this company's units of this product become a quantity."""
    wide = QuantityRules(zero_policy=settings.zero_policy)
    return narrowed(wide, settings.quantity.get(product), company.quantity.get(product))


def guard_limits(product: Product, company: CompanyRules, settings: Settings) -> Guards:
    """The limits for this company and product, above which a person decides."""
    choices = (settings.product_guards.get(product), company.guards)
    money = dict(settings.guards.money)
    for choice in filter(None, choices):
        limits = choice.money or {}
        money |= {currency or settings.currency: limit for currency, limit in limits.items()}
    return replace(narrowed(settings.guards, *choices), money=money)


def strictest_limits(
    products: Iterable[Product], company: CompanyRules, settings: Settings
) -> Guards:
    """The limits for products that are billed together: the narrowest of each."""
    guards = [guard_limits(product, company, settings) for product in products]
    numbers = [f.name for f in fields(Guards) if f.name != "money"]
    narrowest = {name: min(getattr(own, name) for own in guards) for name in numbers}
    currencies = dict.fromkeys(currency for own in guards for currency in own.money)
    allowed = [{cycle.casefold() for cycle in own.billing_cycles} for own in guards]
    cycles = set.intersection(*allowed)
    return replace(
        Guards(**narrowest),
        money={
            currency: min(own.money[currency] for own in guards if currency in own.money)
            for currency in currencies
        },
        billing_cycles=tuple(c for c in guards[0].billing_cycles if c.casefold() in cycles),
    )


def catalog_items(company: CompanyRules, settings: Settings) -> dict[Product, int]:
    """The catalog item for each product of this company, in the usual order of products."""
    chosen = {**settings.products, **company.catalog_items}
    return {product: chosen[product] for product in Product if product in chosen}


def pin_of(product: Product, organization: OrganizationMapping, company: CompanyRules) -> Pin:
    """Where an organization's units of this product go: its own pin, else its company's."""
    if product in organization.additions:
        return Pin(addition_id=organization.additions[product])
    return organization.pin or Pin(addition_id=company.additions.get(product, 0))


def has_own_pin(product: Product, organization: OrganizationMapping) -> bool:
    """Whether an organization's units of this product go to a pin that is not its company's."""
    return product in organization.additions or bool(organization.pin)


def billed_through(item_id: int, company: CompanyRules, settings: Settings) -> tuple[Product, ...]:
    """The products that the catalog item bills this company, else those it bills others."""
    own, wide = catalog_items(company, settings), settings.products
    return tuple(product for product in own if own[product] == item_id) or tuple(
        product for product in Product if wide.get(product) == item_id
    )


def named_items(mappings: Mappings, settings: Settings) -> dict[int, str]:
    """Every catalog item that bills a mapped company, and where it is first configured."""
    named = {
        item_id: f"the settings: products.{product}.catalog_item_id"
        for product, item_id in reversed(settings.products.items())
    }
    for company_id in mappings.company_ids():
        for product, item_id in mappings.rules(company_id).catalog_items.items():
            named.setdefault(item_id, f"MAPPING / COMPANY#{company_id}: catalog_items.{product}")
    return dict(sorted(named.items()))
