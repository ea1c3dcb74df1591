"""The rules that count for one company and product: its own, over the product's, over all."""

from billing_sync.domain.mapping import CompanyRules
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
