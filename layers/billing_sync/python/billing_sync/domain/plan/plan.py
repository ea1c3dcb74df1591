"""The plan: the change of every addition, the reason, and the money."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.plan.unmatched import AuditSum, Stray
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage, Product, UsageSource


@dataclass(frozen=True, slots=True)
class PartSource:
    """One organization's share of a part; `units` None is unknown, with the reason.

    `billed_to` and `billed_units` are the company and the units it was billed for in the last
    cycle, None where that is not known. `invoice` is the key of the invoice that counted the units,
    "" for the run's own. `silent` is a 0 because the source does not show the product.
    """

    organization_id: int
    organization_name: str
    units: int | None
    unknown: str
    source: UsageSource
    read_at: datetime
    mapped_by: str
    mapped_at: str
    billed_to: int | None = None
    billed_units: int | None = None
    invoice: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One product of a row: the units of each organization."""

    product: Product
    sources: tuple[PartSource, ...]

    @property
    def known_units(self) -> int:
        """The units that are known; the sum of the part only when `unknown_count` is 0."""
        return sum(s.units for s in self.sources if s.units is not None)

    @property
    def unknown_count(self) -> int:
        """How many organizations' counts are unknown."""
        return sum(s.units is None for s in self.sources)


@dataclass(frozen=True, slots=True)
class NotCharged:
    """Why an addition charges its company nothing: `message` names the mark or price.

    `accepted` is the reason of a person who accepted it, "" while nobody did. `worth` are its units
    at the catalog's price, in the catalog's `currency`; None where that is not known.
    """

    message: str
    accepted: str = ""
    worth: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One addition, or a company, product and place where there is no addition to write.

    `money` is the change per billing cycle of the agreement in `currency` (ISO 4217), that of the
    agreement, `None` where no price is known; for `no_addition` it is the revenue that is not
    billed, in the currency of the catalog. `place` is
    where a mapping pins or splits the units, "" where none does. `takes_effect` says on which
    invoice the client sees the change, "" where that is not known. `not_charged` is None where the
    addition charges for its units. `last_written` is our last write before this row's, None without
    one; `undoes` is the run whose write this row reverts, "" for others. `further_reasons` are
    those beside `reason`. `ends_on` is set where the addition ends before the agreement's next
    invoice. `any_type` is whether its agreement may be of a type that the settings leave out,
    `in_effect_by` the day by which a pinned addition takes effect, None where it must be in effect
    when it is written.
    """

    company_id: int
    company_name: str
    parts: tuple[Part, ...]
    outcome: Outcome
    reason: Reason = Reason.NONE
    message: str = ""
    arithmetic: str = ""
    agreement_id: int | None = None
    agreement_name: str = ""
    billing_cycle: str = ""
    next_invoice: date | None = None
    addition_id: int | None = None
    catalog_item_id: int | None = None
    before: Decimal | None = None
    target: Decimal | None = None
    money: Decimal | None = None
    currency: str = ""
    place: str = ""
    takes_effect: str = ""
    not_charged: NotCharged | None = None
    last_written: Decimal | None = None
    undoes: str = ""
    further_reasons: tuple[Reason, ...] = ()
    ends_on: date | None = None
    any_type: bool = False
    in_effect_by: date | None = None

    @property
    def key(self) -> str:
        """Unique within its company: the addition, or products and place without one."""
        names = (
            self.products,
            self.place,  # guard: row-per-place
        )
        return str(self.addition_id or "@".join(filter(None, names)))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All of them, the most important first; () where it has none."""
        return (self.reason, *self.further_reasons) if self.reason else ()

    @property
    def products(self) -> str:
        """The products of the row, as `edr` or `edr+siem`."""
        return "+".join(part.product for part in self.parts)

    @property
    def written(self) -> Decimal | None:
        """Our last write once this row is written: an undo leaves it as before what it undoes."""
        return self.last_written if self.undoes else self.target  # guard: undo-restores

    @property
    def cells(self) -> frozenset[Cell]:
        """The organizations and products whose units it bills."""
        return cells_of_parts(self.parts)

    @property
    def to_write(self) -> bool:
        """Whether the plan changes this addition's quantity."""
        return self.outcome is Outcome.UPDATED


def blocked(row: Row, reason: Reason, message: str) -> Row:
    """The row of an addition that cannot be written: without a target, and so without money."""
    return replace(
        row,
        outcome=Outcome.BLOCKED,
        reason=reason,
        further_reasons=(),
        message=message,
        target=None,
        money=None,
        not_charged=None,
    )


def invoices_of(rows: Iterable[Row]) -> frozenset[str]:
    """The keys of the other invoices whose units are in these rows."""
    sources = (source for row in rows for part in row.parts for source in part.sources)
    return frozenset(source.invoice for source in sources if source.invoice)


def cells_of_parts(parts: Iterable[Part]) -> frozenset[Cell]:
    """The organizations and products of these parts."""
    return frozenset((s.organization_id, part.product) for part in parts for s in part.sources)


class RemainderKind(StrEnum):
    """Usage that belongs to no row."""

    UNMAPPED = "unmapped"
    EXCLUDED = "excluded"
    NOT_CONFIGURED = "not_configured"


@dataclass(frozen=True, slots=True)
class Remainder:
    """One organization's units of one product that are in no row, and why; None is unknown.

    `money` is their value per billing cycle by the catalog's price, where that is known, in the
    catalog's `currency`.
    """

    kind: RemainderKind
    organization_id: int
    organization_name: str
    product: Product
    units: int | None
    message: str
    money: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the companies were read; `unread` lists, in short, what was not."""

    companies: int
    companies_read: int
    unread: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything was read, and there was something to read."""
        return 0 < self.companies == self.companies_read and not self.unread

    @property
    def to_correct(self) -> bool:
        """Whether it is incomplete although all was read: no later attempt finds more by itself."""
        return not self.complete and self.companies == self.companies_read

    def __str__(self) -> str:
        return f"{self.companies_read} of {self.companies} companies read"


@dataclass(frozen=True, slots=True)
class ProductTieOut:
    """One product's units: `ended` has them by outcome or kind of remainder, sorted by name.

    `usage` is the known usage and equals the sum of `ended`; `unknown` counts the organizations
    whose usage of the product is unknown and therefore in no sum.
    """

    product: Product
    usage: int
    unknown: int
    ended: dict[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows of a run, largest money first, and the usage that is in no row.

    `tie_out` accounts for every unit. `guard_messages` say why the whole run is held; empty when it
    is not. `warnings` name what this version cannot plan, and what it could not read. `strays` are
    billed without usage; `audit` is None where there was no full audit. `products` are those that
    the run covers, () for all, `scopes` those of each of its invoices by key; `counted_for` names
    the voided invoice whose counts are used.
    `usage_version` is the version of the invoice's usage, 0 as frozen; `usage` is what was planned:
    the invoice's counts, and a reading for what should have one and has none. `elsewhere` are
    (company id, catalog item id) that other invoices of the cycle bill, `cycle` the keys of those
    invoices.
    """

    rows: tuple[Row, ...]
    remainders: tuple[Remainder, ...]
    coverage: Coverage
    tie_out: tuple[ProductTieOut, ...] = ()
    guard_messages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    strays: tuple[Stray, ...] = ()
    audit: AuditSum | None = None
    products: tuple[Product, ...] = ()
    scopes: dict[str, tuple[Product, ...]] = field(default_factory=dict)
    counted_for: str = ""
    usage_version: int = 0
    usage: tuple[OrganizationUsage, ...] = ()
    elsewhere: frozenset[tuple[int, int | None]] = frozenset()
    cycle: frozenset[str] = frozenset()
