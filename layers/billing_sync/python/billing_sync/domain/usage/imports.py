"""Imported usage takes precedence over the frozen usage, which is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from billing_sync.domain.vendors.usage import (
    Cell,
    OrganizationUsage,
    Product,
    Reading,
    UsageSource,
)


@dataclass(frozen=True, slots=True)
class UsageImport:
    """`VERSION#<number>`: an imported version of an invoice's usage, by whom and from which file.

    `previous` is the version it replaced, 0 for the frozen usage. `sha256` is of the file's bytes,
    `columns` maps each column to its meaning, `skipped` lists the lines that were left out. `at` is
    aware UTC.
    """

    number: int
    previous: int
    by: str
    at: datetime
    file: str
    sha256: str
    columns: dict[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()


def effective_usage(
    frozen: Iterable[OrganizationUsage], version: Iterable[OrganizationUsage]
) -> tuple[OrganizationUsage, ...]:
    """The frozen usage with a version's imported counts in place, by organization id.

    Other counts stay as frozen, also where they are frozen later.
    """
    usage = {organization.organization_id: organization for organization in frozen}
    for imported in version:
        base = usage.get(imported.organization_id)
        usage[imported.organization_id] = _over(base, imported) if base else imported
    return tuple(usage[organization_id] for organization_id in sorted(usage))


def _over(frozen: OrganizationUsage, imported: OrganizationUsage) -> OrganizationUsage:
    readings = {r.product: r for r in frozen.readings}
    for reading in imported.readings:
        product, units, at = reading.product, reading.units, reading.imported_at
        if at is not None and units is not None:  # guard: imported-over-frozen
            readings[product] = _counted(readings.get(product), product, units, at=at)
    return replace(frozen, readings=_sorted(readings))


def version_of(
    usage: Iterable[OrganizationUsage],
    counts: Mapping[Cell, int],
    *,
    names: Mapping[int, str],
    at: datetime,
) -> tuple[OrganizationUsage, ...]:
    """The organizations of a new version: these counts over the current `usage`.

    Counts that were imported before stay, unless they are imported again. `names` has the names of
    organizations that were not frozen.
    """
    known = {organization.organization_id: organization for organization in usage}
    made = {key: organization for key, organization in known.items() if _any_imported(organization)}
    for organization_id, product in sorted(counts):
        base = made.get(organization_id) or known.get(organization_id)
        if base is None:
            base = OrganizationUsage(
                organization_id, names[organization_id], UsageSource.IMPORTED, at, ()
            )
        readings = {r.product: r for r in base.readings}
        units = counts[organization_id, product]
        readings[product] = _counted(readings.get(product), product, units, at=at)
        made[organization_id] = replace(base, readings=_sorted(readings))
    return tuple(made[organization_id] for organization_id in sorted(made))


def _any_imported(usage: OrganizationUsage) -> bool:
    return any(reading.imported_at for reading in usage.readings)


def _counted(reading: Reading | None, product: Product, units: int, *, at: datetime) -> Reading:
    """The reading with an imported count; the rest of it is kept."""
    return replace(reading or Reading(product, None), units=units, unknown="", imported_at=at)


def _sorted(readings: Mapping[Product, Reading]) -> tuple[Reading, ...]:
    return tuple(readings[product] for product in sorted(readings))
