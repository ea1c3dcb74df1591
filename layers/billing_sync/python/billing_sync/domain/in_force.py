"""What counts for one company and product: its own choice, over the product's, over all."""

from billing_sync.domain.mapping import CompanyRules, Mappings
from billing_sync.domain.rules import QuantityRules, narrowed
from billing_sync.domain.settings import Guards, Settings
from billing_sync.domain.usage import Product


def quantity_rules(product: Product, company: CompanyRules, settings: Settings) -> QuantityRules:
    """How this company's units of this product become a quantity."""
    wide = QuantityRules(zero_policy=settings.zero_policy)
    return narrowed(wide, settings.quantity.get(product), company.quantity.get(product))


def guard_limits(product: Product, company: CompanyRules, settings: Settings) -> Guards:
    """Above which limits a person decides for this company and product."""
    return narrowed(settings.guards, settings.product_guards.get(product), company.guards)


def catalog_items(company: CompanyRules, settings: Settings) -> dict[Product, int]:
    """Which catalog item bills which product of this company, in the usual order of products."""
    chosen = {**settings.products, **company.catalog_items}
    return {product: chosen[product] for product in Product if product in chosen}


def billed_through(item_id: int, company: CompanyRules, settings: Settings) -> tuple[Product, ...]:
    """The products of this company that the catalog item bills."""
    items = catalog_items(company, settings)
    return tuple(product for product, one in items.items() if one == item_id)


def named_items(mappings: Mappings, settings: Settings) -> dict[int, str]:
    """Every catalog item that bills a mapped company, and where it is named first."""
    named = {
        item_id: f"SETTINGS / CURRENT: products.{product}.catalog_item_id"
        for product, item_id in reversed(settings.products.items())
    }
    for company_id in mappings.company_ids():
        for product, item_id in mappings.rules(company_id).catalog_items.items():
            named.setdefault(item_id, f"MAPPING / COMPANY#{company_id}: catalog_items.{product}")
    return dict(sorted(named.items()))
