"""Comparing usage as of now with the last invoice's, client by client: one pure function."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from billing_sync.domain.forecast.forecast import (
    Compared,
    Forecast,
    ForecastBasis,
    Idle,
    Line,
    totals,
)
from billing_sync.domain.forecast.sides import Cell, Sides
from billing_sync.domain.plan.plan import Remainder, Row
from billing_sync.domain.vendors.usage import OrganizationUsage, Product

Place = tuple[int | None, str, str]  # company id, client's name, products: one line


def compare(
    basis: ForecastBasis,
    rows: Iterable[Row],
    remainders: Iterable[Remainder],
    *,
    then: Iterable[OrganizationUsage],
    now: Iterable[OrganizationUsage],
) -> Forecast:
    """The forecast from a plan made as of `now` and the usage frozen `then`.

    Every unit known on either side is in exactly one line. What stays and stayed unused, and has no
    addition, is left out. Organizations that the plan did not look at are not compared.
    """
    rows, remainders, now = tuple(rows), tuple(remainders), tuple(now)
    sides = Sides.of(basis, rows, remainders, then=tuple(then), now=now)
    clients = _Clients.of(rows, remainders, now)
    own_rows: dict[Place, list[Row]] = {}
    cells: dict[Place, list[Cell]] = {}
    for row in rows:
        own_rows.setdefault(clients.place_of(row), []).append(row)
    for cell in sorted(sides.cells()):
        cells.setdefault(clients.place(cell), []).append(cell)
    lines = [
        _line(place, cells.get(place, []), own_rows.get(place, []), clients, sides)
        for place in own_rows | cells
        if place in own_rows or any(_used(cell, sides) for cell in cells[place])
    ]
    shown = tuple(sorted(lines, key=_by_weight))
    return Forecast(
        basis=basis,
        lines=shown,
        idle=tuple(sorted(_idle(now, clients), key=_by_idle)),
        idle_unknown=sum(_tells_no_idle(one) for one in now),
        counted_late=sides.counted_late,
        totals=totals(shown),
    )


@dataclass(frozen=True, slots=True)
class _Clients:
    """Who each organization's units belong to, as the plan has it."""

    rows: Mapping[Cell, Row]
    companies: Mapping[int, tuple[int, str]]
    names: Mapping[int, str]
    remainders: Mapping[Cell, Remainder]

    @classmethod
    def of(
        cls,
        rows: Iterable[Row],
        remainders: Iterable[Remainder],
        now: Iterable[OrganizationUsage],
    ) -> "_Clients":
        rest = {(one.organization_id, one.product): one for one in remainders}
        sources = [
            (row, part.product, s) for row in rows for part in row.parts for s in part.sources
        ]
        names = {one.organization_id: one.organization_name for one in now}
        return cls(
            rows={(s.organization_id, product): row for row, product, s in sources},
            companies={
                s.organization_id: (row.company_id, row.company_name) for row, _, s in sources
            },
            names=names | {s.organization_id: s.organization_name for _, _, s in sources},
            remainders=rest,
        )

    @staticmethod
    def place_of(row: Row) -> Place:
        """The line of a row."""
        return row.company_id, row.company_name, row.products

    def place(self, cell: Cell) -> Place:
        """The line of an organization's use: its row's, else its company's, else its own."""
        if cell in self.rows:
            return self.place_of(self.rows[cell])
        organization_id, product = cell
        company_id, name = self.companies.get(organization_id, (None, ""))
        return company_id, name or self.name(organization_id), product.value

    def name(self, organization_id: int) -> str:
        """The organization's own name."""
        return self.names.get(organization_id) or f"organization {organization_id}"

    def client(self, organization_id: int) -> str:
        """The company's name, "" where nobody is billed."""
        return self.companies.get(organization_id, (None, ""))[1]


def _line(
    place: Place, cells: list[Cell], rows: list[Row], clients: _Clients, sides: Sides
) -> Line:
    company_id, client, products = place
    reasons = dict.fromkeys(filter(None, map(sides.why_unknown, cells)))
    is_gone = bool(cells) and all(map(sides.is_gone, cells))
    return Line(
        client=client,
        company_id=company_id,
        products=products,
        parts=tuple(_parts(cells, sides)),
        rows=tuple(rows),
        remainders=tuple(filter(None, map(clients.remainders.get, cells))),
        is_new=bool(cells) and not is_gone and all(map(sides.is_new, cells)),
        is_gone=is_gone,
        why_unknown="; ".join(reasons),
    )


def _parts(cells: list[Cell], sides: Sides) -> Iterator[Compared]:
    for product in sorted({product for _, product in cells}, key=list(Product).index):
        own = [cell for cell in cells if cell[1] is product]
        yield Compared(
            product,
            then=_sum([sides.units_then(cell) for cell in own]),
            now=_sum([sides.units_now(cell) for cell in own]),
        )


def _idle(now: Iterable[OrganizationUsage], clients: _Clients) -> Iterator[Idle]:
    for organization in now:
        for reading in organization.readings:
            if reading.unresponsive or reading.outdated:
                yield Idle(
                    organization_id=organization.organization_id,
                    organization_name=organization.organization_name,
                    client=clients.client(organization.organization_id),
                    unresponsive=reading.unresponsive or 0,
                    outdated=reading.outdated or 0,
                )


def _tells_no_idle(organization: OrganizationUsage) -> bool:
    return any(
        r.product is Product.EDR and r.units != 0 and None in (r.unresponsive, r.outdated)
        for r in organization.readings
    )


def _sum(units: list[int | None]) -> int | None:
    return None if None in units else sum(filter(None, units))


def _used(cell: Cell, sides: Sides) -> bool:
    """Whether an organization uses or used a product; what was never read and is not used is not.

    It is asked of each organization: a company's sum is unknown where one of them is.
    """
    return sides.units_now(cell) != 0 or sides.units_then(cell) not in (0, None)


def _by_weight(line: Line) -> tuple[Decimal, Decimal, int, str, str]:
    money, not_billed = line.money or Decimal(0), line.not_billed or Decimal(0)
    return -abs(money), -not_billed, -abs(line.change or 0), line.client, line.products


def _by_idle(idle: Idle) -> tuple[int, str]:
    return -(idle.unresponsive + idle.outdated), idle.organization_name
