"""Usage at the last invoice and as of now, side by side; what nobody counted stays unknown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing_sync.domain.forecast.forecast import ForecastBasis
from billing_sync.domain.plan.plan import Remainder, Row
from billing_sync.domain.usage.late import is_late
from billing_sync.domain.vendors.usage import (
    VANISHED,
    OrganizationUsage,
    Product,
    Reading,
    UsageSource,
)

Cell = tuple[int, Product]  # one organization's use of one product


@dataclass(frozen=True, slots=True)
class Sides:
    """Readings by organization and product, at the last invoice and now.

    `complete` when an organization that is not in `then` was not there at all.
    """

    then: Mapping[Cell, Reading]
    now: Mapping[Cell, Reading]
    then_organizations: frozenset[int]
    complete: bool
    counted_late: str

    @classmethod
    def of(
        cls,
        basis: ForecastBasis,
        rows: tuple[Row, ...],
        remainders: tuple[Remainder, ...],
        *,
        then: tuple[OrganizationUsage, ...],
        now: tuple[OrganizationUsage, ...],
    ) -> "Sides":
        """What was read comes before what the plan made of it: a split plan repeats its usage."""
        planned = {**_of_rows(rows), **_of_remainders(remainders)}
        here = {cell[0] for cell in planned} | {one.organization_id for one in now}
        seen = tuple(one for one in then if one.organization_id in here)
        by_detail = all(one.source is UsageSource.ORGANIZATION_DETAIL for one in then)
        return cls(
            then=_readings(seen),
            now=planned | _readings(now),
            then_organizations=frozenset(one.organization_id for one in seen),
            complete=basis.frozen and by_detail,
            counted_late=_counted_late(basis, then),
        )

    def cells(self) -> set[Cell]:
        """Everything that either side speaks of; what was not used and is silent now is nothing."""
        return {cell for cell, r in self.then.items() if r.units != 0} | set(self.now)

    def units_then(self, cell: Cell) -> int | None:
        """0 for an organization that was not there; unknown where nobody counted."""
        if cell in self.then:
            return self.then[cell].units
        return 0 if self.is_new(cell) else None

    def units_now(self, cell: Cell) -> int | None:
        """Unknown where Huntress gives no count any more."""
        return self.now[cell].units if cell in self.now else None

    def is_new(self, cell: Cell) -> bool:
        """Whether the organization was not there at the last invoice, for certain."""
        return self.complete and cell[0] not in self.then_organizations

    def is_gone(self, cell: Cell) -> bool:
        """Whether Huntress no longer lists the organization."""
        return cell in self.now and self.now[cell].unknown == VANISHED

    def why_unknown(self, cell: Cell) -> str:
        """The reason for the side that is missing, now before then."""
        reading = self.now.get(cell)
        if reading is None:
            return f"Huntress gives no count for {cell[1]} now"
        if reading.units is None:
            return reading.unknown
        if cell in self.then:
            return self.then[cell].unknown and f"at the last invoice: {self.then[cell].unknown}"
        return "" if self.is_new(cell) else "not counted for the last invoice"


def _of_rows(rows: Iterable[Row]) -> dict[Cell, Reading]:
    return {
        (s.organization_id, part.product): Reading(part.product, s.units, s.unknown)
        for row in rows
        for part in row.parts
        for s in part.sources
    }


def _of_remainders(remainders: Iterable[Remainder]) -> dict[Cell, Reading]:
    return {
        (r.organization_id, r.product): Reading(
            r.product, r.units, "" if r.units is not None else "Huntress's count is unknown"
        )
        for r in remainders
    }


def _readings(usage: Iterable[OrganizationUsage]) -> dict[Cell, Reading]:
    return {(one.organization_id, r.product): r for one in usage for r in one.readings}


def _counted_late(basis: ForecastBasis, then: Iterable[OrganizationUsage]) -> str:
    invoice = basis.last
    late = [
        one.read_at
        for one in then
        for reading in one.readings
        if invoice and is_late(one.source_of(reading), one.read_at, invoiced_at=invoice.created_at)
    ]
    return f"{max(late):%Y-%m-%d}" if late else ""
