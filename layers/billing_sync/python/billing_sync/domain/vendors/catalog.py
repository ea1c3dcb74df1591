"""Checks on catalog items before anything is billed through them."""

from billing_sync.domain.vendors.connectwise import CatalogItem

INACTIVE = "inactive"


def unusable(item: CatalogItem) -> str:
    """Why no addition can be billed through the item, "" when one can."""
    if item.inactive:
        return INACTIVE
    if item.product_class == "Bundle":
        return "a bundle, which cannot be an agreement's addition"
    return ""
