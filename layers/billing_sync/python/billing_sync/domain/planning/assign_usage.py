"""The company and catalog item of each unit of usage; usage without one is a remainder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing_sync.domain.config.destinations import Pin
from billing_sync.domain.config.effective import catalog_items, pin_of
from billing_sync.domain.config.mappings import Mappings, OrganizationMapping
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.plan import Part, PartSource, Remainder, RemainderKind
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.vendors.usage import OrganizationUsage, Product, Reading


@dataclass(frozen=True, slots=True)
class Assignment:
    """Parts by (company id, catalog item id) and pin, and the usage that is in no row."""

    parts: dict[tuple[int, int], dict[Pin, tuple[Part, ...]]]
    remainders: tuple[Remainder, ...]


def assign(
    usage: Iterable[OrganizationUsage],
    mappings: Mappings,
    settings: Settings,
    *,
    last: LastCycle | None = None,
) -> Assignment:
    """Sum usage per company, catalog item and pin; organizations of one company add up.

    `last` is what they were billed in the last cycle.
    """
    last = last or LastCycle()
    found: dict[tuple[int, int], dict[Pin, list[Part]]] = {}
    remainders: list[Remainder] = []
    for organization in sorted(usage, key=lambda u: u.organization_id):
        mapping = mappings.organizations.get(organization.organization_id)
        items = _items_of(mapping, mappings, settings)
        for reading in organization.readings:
            remainder = _remainder(organization, reading, mapping, items)
            if remainder is None:
                assert mapping is not None and mapping.company_id is not None
                pinned = found.setdefault((mapping.company_id, items[reading.product]), {})
                source = _part_source(organization, reading, mapping, last)
                pin = pin_of(reading.product, mapping, mappings.rules(mapping.company_id))
                pinned.setdefault(pin, []).append(Part(reading.product, (source,)))
            elif reading.units != 0:
                remainders.append(remainder)
    return Assignment(
        {
            billed: {pin: merged(parts) for pin, parts in sorted(pinned.items())}
            for billed, pinned in sorted(found.items())
        },
        tuple(remainders),
    )


def merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """One part for each product, sorted, with all its sources by organization."""
    sources: dict[Product, list[PartSource]] = {}
    for part in parts:
        sources.setdefault(part.product, []).extend(part.sources)
    return tuple(
        Part(product, tuple(sorted(sources[product], key=lambda s: s.organization_id)))
        for product in sorted(sources)
    )


def _items_of(
    mapping: OrganizationMapping | None, mappings: Mappings, settings: Settings
) -> dict[Product, int]:
    if mapping is None or mapping.company_id is None:
        return {}
    return catalog_items(mappings.rules(mapping.company_id), settings)


def _remainder(
    organization: OrganizationUsage,
    reading: Reading,
    mapping: OrganizationMapping | None,
    items: Mapping[Product, int],
) -> Remainder | None:
    """The remainder of a reading that belongs to no row, else None."""
    if mapping is None:
        kind, message = (
            RemainderKind.UNMAPPED,
            f"map or exclude it: MAPPING / ORG#{organization.organization_id} in the config table",
        )
    elif mapping.company_id is None:
        kind, message = RemainderKind.EXCLUDED, mapping.excluded
    elif reading.product not in items:
        kind, message = (
            RemainderKind.NOT_CONFIGURED,
            f"the settings name no catalog item for {reading.product}: SETTINGS / CURRENT,"
            f" products.{reading.product}",
        )
    else:
        return None
    return Remainder(
        kind,
        organization.organization_id,
        organization.organization_name,
        reading.product,
        reading.units,
        message,
    )


def _part_source(
    organization: OrganizationUsage,
    reading: Reading,
    mapping: OrganizationMapping,
    last: LastCycle,
) -> PartSource:
    return PartSource(
        organization_id=organization.organization_id,
        organization_name=organization.organization_name,
        units=reading.units,
        unknown=reading.unknown,
        source=organization.source_of(reading),
        read_at=organization.read_at_of(reading),
        mapped_by=mapping.updated_by,
        mapped_at=mapping.updated_at,
        billed_to=last.companies.get(organization.organization_id),
        billed_units=last.units.get((organization.organization_id, reading.product)),
        invoice=reading.invoice,
        silent=reading.silent,
    )
