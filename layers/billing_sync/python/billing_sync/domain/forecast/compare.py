"""Usage as of now beside the last invoice's, client by client: one pure function."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from billing_sync.domain.forecast.forecast import (
    Compared,
    Forecast,
    ForecastBasis,
    Idle,
    Line,
    total_units,
)
from billing_sync.domain.plan.plan import Remainder, Row
from billing_sync.domain.usage.late import late_day
from billing_sync.domain.vendors.usage import (
    VANISHED,
    Cell,
    OrganizationUsage,
    Product,
    Reading,
    UsageSource,
)

LineKey = tuple[int | None, str, str]  # company id, client's name, products


@dataclass(frozen=True, slots=True)
class _Use:
    """One organization's use of one product; a reading is None where there is no count.

    `is_new` when the organization was certainly not there at the last invoice, `is_gone` when
    Huntress no longer lists it. `row` bills it.
    """

    organization_id: int
    product: Product
    then: Reading | None
    now: Reading | None
    is_new: bool
    is_gone: bool
    row: Row | None
    remainder: Remainder | None

    @property
    def units_then(self) -> int | None:
        """0 for an organization that was not there; None where the count is missing."""
        if self.then is None:
            return 0 if self.is_new else None
        return self.then.units

    @property
    def units_now(self) -> int | None:
        """None where Huntress gives no count any more."""
        return self.now.units if self.now else None

    @property
    def is_shown(self) -> bool:
        """Whether the product is or was in use; 0 now and a missing count then are no use."""
        return self.units_now != 0 or self.units_then not in (0, None)

    @property
    def why_unknown(self) -> str:
        """The reason for the missing count, now before then."""
        if self.now is None:
            return f"Huntress gives no count for {self.product} now"
        if self.now.units is None:
            return self.now.unknown
        if self.then:
            return self.then.unknown and f"at the last invoice: {self.then.unknown}"
        return "" if self.is_new else "not counted for the last invoice"


def compare(
    basis: ForecastBasis,
    rows: Iterable[Row],
    remainders: Iterable[Remainder],
    *,
    then: Iterable[OrganizationUsage],
    now: Iterable[OrganizationUsage],
) -> Forecast:
    """The forecast from a plan made as of `now` and the usage frozen `then`.

    Every unit known on either side is in exactly one line. What is and was unused, and has no
    addition, is left out. Organizations outside the plan are not compared.
    """
    rows, then, now = tuple(rows), tuple(then), tuple(now)
    uses = _uses(basis, rows, remainders, then=then, now=now)
    companies = {use.organization_id: use.row for use in uses if use.row}
    names = {usage.organization_id: usage.organization_name for usage in now}
    rows_of: dict[LineKey, list[Row]] = {}
    uses_of: dict[LineKey, list[_Use]] = {}
    for row in rows:
        rows_of.setdefault((row.company_id, row.company_name, row.products), []).append(row)
    for use in uses:
        uses_of.setdefault(_line_key(use, companies, names), []).append(use)
    lines = [
        _line(key, rows_of.get(key, []), uses_of.get(key, []))
        for key in rows_of | uses_of
        if key in rows_of or any(use.is_shown for use in uses_of[key])
    ]
    return Forecast(
        basis=basis,
        lines=tuple(sorted(lines, key=_by_weight)),
        idle=tuple(sorted(_idle(now, companies), key=_by_idle)),
        idle_unknown=sum(map(_has_unknown_idle, now)),
        counted_late=_counted_late(basis, then),
    )


def _uses(
    basis: ForecastBasis,
    rows: tuple[Row, ...],
    remainders: Iterable[Remainder],
    *,
    then: tuple[OrganizationUsage, ...],
    now: tuple[OrganizationUsage, ...],
) -> list[_Use]:
    """Each use on either side, sorted; a product that was unused and has no count now is none.

    The counts are the usage's, for the rows of a split divide them. The plan adds the products that
    an addition bills and Huntress does not count.
    """
    parts = [(row, part) for row in rows for part in row.parts]
    billed = {(s.organization_id, p.product): (row, s) for row, p in parts for s in p.sources}
    unbilled = {(r.organization_id, r.product): r for r in remainders}
    readings_then = _readings(then)
    readings_now = {c: Reading(c[1], s.units, s.unknown) for c, (_, s) in billed.items()}
    readings_now |= _readings(now)
    listed, known = ({usage.organization_id for usage in side} for side in (now, then))
    used = {c for c, reading in readings_then.items() if c[0] in listed and reading.units != 0}
    vanished = {c[0] for c, reading in readings_now.items() if reading.unknown == VANISHED}
    complete = basis.frozen and all(u.source is UsageSource.ORGANIZATION_DETAIL for u in then)
    return [
        _Use(
            *cell,
            then=readings_then.get(cell),
            now=readings_now.get(cell),
            is_new=complete and cell[0] not in known,
            is_gone=cell[0] in vanished,
            row=billed[cell][0] if cell in billed else None,
            remainder=unbilled.get(cell),
        )
        for cell in sorted(used | readings_now.keys())
    ]


def _readings(usage: Iterable[OrganizationUsage]) -> dict[Cell, Reading]:
    return {(u.organization_id, reading.product): reading for u in usage for reading in u.readings}


def _line_key(use: _Use, companies: Mapping[int, Row], names: Mapping[int, str]) -> LineKey:
    """The line of the use's row, else of its company, else of the organization itself."""
    if use.row:
        return use.row.company_id, use.row.company_name, use.row.products
    if row := companies.get(use.organization_id):
        return row.company_id, row.company_name, use.product.value
    name = names.get(use.organization_id) or f"organization {use.organization_id}"
    return None, name, use.product.value


def _line(key: LineKey, rows: list[Row], uses: list[_Use]) -> Line:
    company_id, client, products = key
    is_gone = bool(uses) and all(use.is_gone for use in uses)
    return Line(
        client=client,
        company_id=company_id,
        products=products,
        parts=tuple(_compared(uses)),
        rows=tuple(rows),
        remainders=tuple(use.remainder for use in uses if use.remainder),
        is_new=bool(uses) and not is_gone and all(use.is_new for use in uses),
        is_gone=is_gone,
        why_unknown="; ".join(dict.fromkeys(use.why_unknown for use in uses if use.why_unknown)),
    )


def _compared(uses: list[_Use]) -> Iterator[Compared]:
    for product in Product:
        if own := [use for use in uses if use.product is product]:
            yield Compared(
                product,
                then=total_units(use.units_then for use in own),
                now=total_units(use.units_now for use in own),
            )


def _idle(now: Iterable[OrganizationUsage], companies: Mapping[int, Row]) -> Iterator[Idle]:
    for usage in now:
        row = companies.get(usage.organization_id)
        for reading in usage.readings:
            if reading.unresponsive or reading.outdated:
                yield Idle(
                    organization_id=usage.organization_id,
                    organization_name=usage.organization_name,
                    client=row.company_name if row else "",
                    unresponsive=reading.unresponsive or 0,
                    outdated=reading.outdated or 0,
                )


def _has_unknown_idle(usage: OrganizationUsage) -> bool:
    return any(
        r.product is Product.EDR and r.units != 0 and None in (r.unresponsive, r.outdated)
        for r in usage.readings
    )


def _counted_late(basis: ForecastBasis, then: Iterable[OrganizationUsage]) -> str:
    if basis.last is None:
        return ""
    counts = ((u.source_of(reading), u.read_at_of(reading)) for u in then for reading in u.readings)
    return late_day(counts, invoiced_at=basis.last.created_at)


def _by_weight(line: Line) -> tuple[Decimal, Decimal, int, str, str]:
    money = sum(map(abs, line.money.values()), Decimal(0))
    not_billed = sum(line.not_billed.values(), Decimal(0))
    return -money, -not_billed, -abs(line.change or 0), line.client, line.products


def _by_idle(idle: Idle) -> tuple[int, str]:
    return -(idle.unresponsive + idle.outdated), idle.organization_name
