"""Usage that a person imported stands over what was frozen; nothing that was is lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from billing_sync.domain.usage import freeze as freezing
from billing_sync.domain.vendors.huntress import InvoiceSource
from billing_sync.domain.vendors.usage import OrganizationUsage, Product, Reading, UsageSource

Cell = tuple[int, Product]  # one organization's use of one product


@dataclass(frozen=True, slots=True)
class UsageImport:
    """`VERSION#<number>`: who made this version of an invoice's usage, when, and from what file.

    `previous` is the version it replaced, 0 for the frozen usage. `sha256` is of the file's bytes,
    `columns` says what each column was read as, `skipped` names the file's lines that were left
    out. `at` is aware UTC.
    """

    number: int
    previous: int
    by: str
    at: datetime
    file: str
    sha256: str
    columns: dict[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()


def in_force(
    frozen: Iterable[OrganizationUsage], version: Iterable[OrganizationUsage]
) -> tuple[OrganizationUsage, ...]:
    """The frozen usage with a version's imported counts over it, by organization id.

    What the version does not count stays as frozen, also where it is frozen only later.
    """
    over = {one.organization_id: one for one in version}
    base = {one.organization_id: one for one in frozen}
    return tuple(
        _over(base[one], over[one]) if one in base and one in over else base.get(one) or over[one]
        for one in sorted(base.keys() | over.keys())
    )


def _over(frozen: OrganizationUsage, imported: OrganizationUsage) -> OrganizationUsage:
    readings = {r.product: r for r in frozen.readings}
    for one in imported.readings:
        if one.imported_at is not None and one.units is not None:  # guard: imported-over-frozen
            readings[one.product] = _counted(
                readings.get(one.product), one.product, one.units, at=one.imported_at
            )
    return replace(frozen, readings=_sorted(readings))


def version_of(
    usage: Iterable[OrganizationUsage],
    counts: Mapping[Cell, int],
    *,
    names: Mapping[int, str],
    source: InvoiceSource,
    at: datetime,
) -> tuple[OrganizationUsage, ...]:
    """The organizations of a new version: these counts over the `usage` in force until now.

    Counts that were imported before stay, unless they are counted again. Of an organization that
    was not frozen, an account's other products are unknown (a reseller's invoice leaves out what
    was not used); `names` has its name.
    """
    made = {one.organization_id: one for one in usage if _any_imported(one)}
    known = {one.organization_id: one for one in usage}
    for organization_id, product in sorted(counts):
        base = made.get(organization_id) or known.get(organization_id)
        if base is None:
            base = _unseen(organization_id, names[organization_id], source, at=at)
        readings = {r.product: r for r in base.readings}
        units = counts[organization_id, product]
        readings[product] = _counted(readings.get(product), product, units, at=at)
        made[organization_id] = replace(base, readings=_sorted(readings))
    return tuple(made[one] for one in sorted(made))


def _any_imported(usage: OrganizationUsage) -> bool:
    return any(reading.imported_at for reading in usage.readings)


def _counted(was: Reading | None, product: Product, units: int, *, at: datetime) -> Reading:
    """The reading with an imported count; what else was read of it is still true."""
    return replace(was or Reading(product, None), units=units, unknown="", imported_at=at)


def _unseen(
    organization_id: int, name: str, source: InvoiceSource, *, at: datetime
) -> OrganizationUsage:
    if source is InvoiceSource.ACCOUNT:
        return freezing.vanished(organization_id, name, None, read_at=at)
    return OrganizationUsage(organization_id, name, UsageSource.IMPORTED, at, ())


def _sorted(readings: Mapping[Product, Reading]) -> tuple[Reading, ...]:
    return tuple(readings[product] for product in sorted(readings))
