"""Mistakes planted in an ordinary month; each says which additions it would bill wrongly."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.planning.make_plan import PlanInputs
from billing_sync.domain.vendors.huntress import OrganizationDetail
from billing_sync.domain.vendors.usage import Product, Reading
from tests.unit.simulation.months import Month
from tests.unit.simulation.msp import Company, Organization


@dataclass(frozen=True, slots=True)
class Planted:
    """What is planned from then, and the additions that must not be written."""

    inputs: PlanInputs
    wrong: frozenset[int]


Mistake = Callable[[Month, Random], Planted]


def ten_times(month: Month, chance: Random) -> Planted:
    """Huntress counts one product of one organization ten times."""
    company, organization, product = _somebody(month, chance, tuple(Product))
    units = organization.units(product)
    changed = _with_reading(month, organization, product, units * 10)
    return _planted(month, [company.additions[product].id], details=changed)


def tenant_vanishes(month: Month, chance: Random) -> Planted:
    """One identity tenant of an organization is counted no more."""
    company, organization, product = _somebody(month, chance, (Product.ITDR,))
    (gone, units), *_ = organization.seats[product].items()
    rest = tuple(tenant for tenant in organization.seats[product] if tenant != gone)
    left = organization.units(product) - units
    changed = _with_reading(month, organization, product, left, tenants=rest)
    return _planted(month, [company.additions[product].id], details=changed)


def half_gone(month: Month, chance: Random) -> Planted:
    """Huntress lists half of the organizations; no company that lost one may be written."""
    kept = set(chance.sample(sorted(month.details), len(month.details) // 2))
    wrong = [
        addition.id
        for company in month.msp.companies
        if any(organization.id not in kept for organization in company.organizations)
        for addition in company.additions.values()
    ]
    return _planted(month, wrong, details={number: month.details[number] for number in kept})


def remapped(month: Month, chance: Random) -> Planted:
    """An organization is mapped to another company."""
    company, organization, _ = _somebody(month, chance, tuple(Product))
    other = chance.choice([one for one in month.msp.companies if one is not company])
    mapping = replace(month.mappings.organizations[organization.id], company_id=other.id)
    mappings = Mappings(month.mappings.organizations | {organization.id: mapping})
    wrong = [one.id for c in (company, other) for one in c.additions.values()]
    return _planted(month, wrong, mappings=mappings)


MISTAKES: tuple[Mistake, ...] = (ten_times, tenant_vanishes, half_gone, remapped)


def _somebody(
    month: Month, chance: Random, products: tuple[Product, ...]
) -> tuple[Company, Organization, Product]:
    """Anybody who used one of these products, and is not new: the mistake is a change."""
    return chance.choice(
        [
            (company, organization, product)
            for company in month.msp.companies
            for organization in company.organizations
            for product in organization.seats
            if product in products
            and organization.units(product)
            and organization.id in month.books.last_cycle.companies
            and company.additions[product].quantity
        ]
    )


def _with_reading(
    month: Month,
    organization: Organization,
    product: Product,
    units: int,
    *,
    tenants: tuple[str, ...] = ("tenant-0", "tenant-1", "tenant-2", "new"),
) -> dict[int, OrganizationDetail]:
    detail = month.details[organization.id]
    others = tuple(reading for reading in detail.readings if reading.product is not product)
    reading = Reading(product, units, tenants=tenants)
    return month.details | {organization.id: replace(detail, readings=(*others, reading))}


def _planted(
    month: Month,
    wrong: list[int],
    *,
    details: dict[int, OrganizationDetail] | None = None,
    mappings: Mappings | None = None,
) -> Planted:
    inputs = month.inputs(details or month.details, mappings or month.mappings)
    return Planted(inputs, frozenset(wrong))
