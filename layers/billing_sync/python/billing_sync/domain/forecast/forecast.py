"""A forecast of the next invoice: usage as of now beside the last invoice's, per client."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from billing_sync.domain.invoices.expected_next import NextInvoice
from billing_sync.domain.plan.plan import Remainder, Row
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import Product
from billing_sync.domain.wording import summed


@dataclass(frozen=True, slots=True)
class ForecastBasis:
    """The last invoice that a forecast compares with, as of the request.

    `last` is the newest invoice that bills usage, `frozen` whether its usage was read in full,
    `usage_version` the version of its usage.
    """

    next_invoice: NextInvoice
    last: Invoice | None = None
    frozen: bool = False
    usage_version: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """Units of one product at the last invoice and now; None is unknown and never 0."""

    product: Product
    then: int | None
    now: int | None

    @property
    def change(self) -> int | None:
        """The change in units where both counts are known."""
        return None if self.then is None or self.now is None else self.now - self.then


@dataclass(frozen=True, slots=True)
class Line:
    """One client and product, or the products that one addition bills together.

    `client` is the company, or the organization where no company is billed for it (`company_id`
    None). `is_new` when it was not there at the last invoice, `is_gone` when Huntress no longer
    lists it. `why_unknown` says which count is missing and why; `remainders` give the reason where
    no company is billed.
    """

    client: str
    company_id: int | None
    products: str
    parts: tuple[Compared, ...] = ()
    rows: tuple[Row, ...] = ()
    remainders: tuple[Remainder, ...] = ()
    is_new: bool = False
    is_gone: bool = False
    why_unknown: str = ""

    @property
    def then(self) -> int | None:
        """Units at the last invoice."""
        return total_units(part.then for part in self.parts)

    @property
    def now(self) -> int | None:
        """Units as of now."""
        return total_units(part.now for part in self.parts)

    @property
    def change(self) -> int | None:
        """The change in units."""
        return total_units(part.change for part in self.parts)

    @property
    def money(self) -> dict[str, Decimal]:
        """By currency the change per billing cycle of the additions; {} where it is not known."""
        rows = [row for row in self.rows if row.addition_id and row.target is not None]
        known = all(row.money is not None for row in rows)
        return summed((row.currency, row.money) for row in rows if known)

    @property
    def not_billed(self) -> dict[str, Decimal]:
        """Usage that no addition bills, per cycle at the catalog's price."""
        unbilled = (row for row in self.rows if row.addition_id is None and row.money)
        return summed((row.currency, row.money) for row in unbilled)


@dataclass(frozen=True, slots=True)
class Idle:
    """Agents of an organization that do not respond or are outdated."""

    organization_id: int
    organization_name: str
    client: str
    unresponsive: int
    outdated: int


@dataclass(frozen=True, slots=True)
class ProductTotal:
    """Sums of units known at both times; `not_comparable` counts the lines without."""

    product: Product
    then: int
    now: int
    not_comparable: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Largest money first. `counted_late` is the day of the last invoice's counts, "" if its own.

    `idle_unknown` counts organizations for which Huntress gives no number of idle agents.
    """

    basis: ForecastBasis
    lines: tuple[Line, ...]
    idle: tuple[Idle, ...] = ()
    idle_unknown: int = 0
    counted_late: str = ""

    @property
    def totals(self) -> tuple[ProductTotal, ...]:
        """Units by product, of those known at both times."""
        parts = [part for line in self.lines for part in line.parts]
        used = {part.product for part in parts}
        return tuple(_total(product, parts) for product in Product if product in used)

    @property
    def money(self) -> Mapping[str, Mapping[str, Decimal]]:
        """The change by the agreements' billing cycle and currency, of which no two add up."""
        rows = [row for line in self.lines if line.money for row in line.rows if row.addition_id]
        return {
            cycle: summed((row.currency, row.money) for row in rows if row.billing_cycle == cycle)
            for cycle in dict.fromkeys(row.billing_cycle for row in rows)
        }

    @property
    def without_price(self) -> int:
        """How many lines would be written and have no price."""
        return sum(_changes(line) and not line.money for line in self.lines)

    @property
    def not_billed(self) -> dict[str, Decimal]:
        """By currency the money of all usage that no addition bills."""
        return summed(each for line in self.lines for each in line.not_billed.items())


def _total(product: Product, parts: list[Compared]) -> ProductTotal:
    own = [part for part in parts if part.product is product]
    known = [part for part in own if part.change is not None]
    return ProductTotal(
        product,
        then=sum(part.then or 0 for part in known),
        now=sum(part.now or 0 for part in known),
        not_comparable=len(own) - len(known),
    )


def _changes(line: Line) -> bool:
    return any(row.addition_id and row.target not in (None, row.before) for row in line.rows)


def total_units(counts: Iterable[int | None]) -> int | None:
    """The sum of the counts; None when there is none or one of them is unknown."""
    counts = list(counts)
    return sum(filter(None, counts)) if counts and None not in counts else None
