"""What an import would change of an invoice's usage, and what it leaves as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from billing_sync.domain.usage.late import is_late
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage, Product, Reading


@dataclass(frozen=True, slots=True)
class Difference:
    """One organization's count of one product, at present and with the import.

    `before` is None where it is unknown or nobody counted; `why` says so, or that it is late, ""
    where it is exact.
    """

    organization_id: int
    organization_name: str
    product: Product
    before: int | None
    after: int | None
    why: str

    @property
    def moves(self) -> bool:
        """Whether the import makes a difference: another count, or one that is exact now."""
        return self.before != self.after or bool(self.why)


def differences(
    usage: Iterable[OrganizationUsage],
    counts: Mapping[Cell, int],
    *,
    names: Mapping[int, str],
    invoiced: datetime,
) -> tuple[Difference, ...]:
    """Each imported count beside the current one, by organization name and product."""
    readings = {
        (organization.organization_id, r.product): (organization, r)
        for organization in usage
        for r in organization.readings
    }
    found: list[Difference] = []
    for cell, units in counts.items():
        before, why = None, "not counted for the invoice until now"
        if cell in readings:
            before, why = readings[cell][1].units, _why(*readings[cell], invoiced)
        found.append(Difference(cell[0], names[cell[0]], cell[1], before, units, why))
    return tuple(sorted(found, key=lambda d: (d.organization_name.casefold(), d.product)))


def left(
    usage: Iterable[OrganizationUsage], counts: Mapping[Cell, int], *, invoiced: datetime
) -> tuple[Difference, ...]:
    """The counts that the file does not give and that stay; what was never used is left out."""
    return tuple(
        Difference(
            organization.organization_id,
            organization.organization_name,
            r.product,
            r.units,
            r.units,
            _why(organization, r, invoiced),
        )
        for organization in sorted(usage, key=lambda u: u.organization_name.casefold())
        for r in organization.readings
        if (organization.organization_id, r.product) not in counts and r.units != 0
    )


def _why(usage: OrganizationUsage, reading: Reading, invoiced: datetime) -> str:
    read_at = usage.read_at_of(reading)
    if reading.units is None:
        return f"unknown: {reading.unknown}"
    late = is_late(usage.source_of(reading), read_at, invoiced_at=invoiced)
    return f"late: counted on {read_at:%Y-%m-%d}" if late else ""
