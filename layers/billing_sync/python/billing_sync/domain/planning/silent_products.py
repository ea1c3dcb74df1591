"""Products that an addition bills and Huntress does not count: unknown, not zero."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from billing_sync.domain.config.effective import catalog_items
from billing_sync.domain.config.mappings import Mappings, OrganizationMapping
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.planning.agreement_index import Holdings
from billing_sync.domain.planning.candidates import NoPlace
from billing_sync.domain.vendors.connectwise import CatalogItem
from billing_sync.domain.vendors.usage import OrganizationUsage, Product, Reading, UsageSource


def with_silent_products(
    usage: Iterable[OrganizationUsage],
    mappings: Mappings,
    settings: Settings,
    holdings: Holdings,
    catalog: Mapping[int, CatalogItem],
) -> tuple[OrganizationUsage, ...]:
    """The usage, with an unknown count for each product that is billed today and not counted.

    Huntress leaves a product out when it is not active. For a product without a list count, that
    looks the same as a failed read: where an addition bills it, the count is unknown, not zero.
    """
    usage = tuple(usage)
    bills = _Bills(mappings, settings, holdings, catalog)
    counted = {
        (reading.product, addition_id)
        for organization in usage
        for reading in organization.readings
        for addition_id in bills.additions(organization.organization_id, reading.product)
    }
    return tuple(replace(u, readings=(*u.readings, *bills.silent(u, counted))) for u in usage)


@dataclass(frozen=True, slots=True)
class _Bills:
    """Which additions bill an organization's products today."""

    mappings: Mappings
    settings: Settings
    holdings: Holdings
    catalog: Mapping[int, CatalogItem]

    def additions(self, organization_id: int, product: Product) -> tuple[int, ...]:
        """The additions that may bill the product, several where no choice was made."""
        mapping = self.mappings.organizations.get(organization_id)
        item_id = self._items(mapping).get(product)
        if mapping is None or mapping.company_id is None or item_id is None:
            return ()
        found = self.holdings.places(mapping.company_id, self.catalog[item_id], mapping.pin)
        return () if isinstance(found, NoPlace) else tuple(place.addition.id for place in found)

    def silent(
        self, organization: OrganizationUsage, counted: set[tuple[Product, int]]
    ) -> Iterator[Reading]:
        """The organization's products that an addition bills and that have no count."""
        if organization.source is not UsageSource.ORGANIZATION_DETAIL:
            return
        mapping = self.mappings.organizations.get(organization.organization_id)
        for product in self._items(mapping):
            found = self.additions(organization.organization_id, product)
            if any((product, addition_id) not in counted for addition_id in found):
                why = f"Huntress gives no count for {product}, and an addition bills it"
                yield Reading(product, None, why)

    def _items(self, mapping: OrganizationMapping | None) -> dict[Product, int]:
        if mapping is None or mapping.company_id is None:
            return {}
        return catalog_items(self.mappings.rules(mapping.company_id), self.settings)
