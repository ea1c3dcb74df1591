"""The company and the units that each organization was billed in the last cycle."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.plan.plan import PartSource
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.statement.statement import Line
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage, Product


@dataclass(frozen=True, slots=True)
class LastCycle:
    """Companies by organization, and units by organization and product."""

    companies: dict[int, int] = field(default_factory=dict)
    units: dict[Cell, int] = field(default_factory=dict)

    @classmethod
    def of(cls, statements: Iterable[Iterable[Line]]) -> "LastCycle":
        """As the lines of the last cycle's statements are now, the oldest statement first.

        A held row counts once it is released; until then an organization keeps its earlier company
        and units, for any number of cycles.
        """
        carried: dict[int, int] = {}
        companies: dict[int, int] = {}
        units: dict[Cell, int] = {}
        for lines in statements:
            shares: dict[Cell, list[tuple[bool, PartSource]]] = {}
            for line, product, source in _sources(lines):
                accepted = _accepted(line, source)
                company_id = line.row.company_id if accepted else source.billed_to
                if company_id is not None:
                    known = companies if accepted else carried
                    known[source.organization_id] = company_id
                cell = (source.organization_id, product)
                shares.setdefault(cell, []).append((accepted, source))
            counted = {cell: _units(several) for cell, several in shares.items()}
            units |= {cell: total for cell, total in counted.items() if total is not None}
        return cls(carried | companies, units)


@dataclass(frozen=True, slots=True)
class Totals:
    """Known units by product, now and in the last cycle, of organizations counted in both.

    `came` and `left` name the organizations that were counted in one of them only.
    """

    now: dict[Product, int] = field(default_factory=dict)
    then: dict[Product, int] = field(default_factory=dict)
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def totals_of_both(now: Iterable[OrganizationUsage], then: Iterable[OrganizationUsage]) -> Totals:
    """The totals to compare; a product that is not known in both cycles is left out."""
    current, previous = _Counts.of(now), _Counts.of(then)
    sums_now: dict[Product, int] = {}
    sums_then: dict[Product, int] = {}
    for (organization_id, product), units in current.units.items():
        before = previous.units.get((organization_id, product), 0)
        if organization_id in previous.names and units is not None and before is not None:
            sums_now[product] = sums_now.get(product, 0) + units
            sums_then[product] = sums_then.get(product, 0) + before
    return Totals(
        sums_now, sums_then, current.names_without(previous), previous.names_without(current)
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    units: dict[Cell, int | None]
    names: dict[int, str]

    @classmethod
    def of(cls, usage: Iterable[OrganizationUsage]) -> "_Counts":
        usage = tuple(usage)
        return cls(
            {(u.organization_id, r.product): r.units for u in usage for r in u.readings},
            {u.organization_id: u.organization_name for u in usage},
        )

    def names_without(self, other: "_Counts") -> tuple[str, ...]:
        return tuple(sorted(self.names[one] for one in self.names.keys() - other.names.keys()))


def _sources(lines: Iterable[Line]) -> Iterator[tuple[Line, Product, PartSource]]:
    for line in lines:
        for part in line.row.parts:
            yield from ((line, part.product, source) for source in part.sources)


def _units(shares: Iterable[tuple[bool, PartSource]]) -> int | None:
    """The units that one organization is billed of one product, over all rows of a split.

    While one of the rows waits, all units are as before.
    """
    accepted, sources = zip(*shares, strict=True)
    known = [source.units for source in sources if source.units is not None]
    if all(accepted):
        return sum(known) if len(known) == len(sources) else None
    return next((s.billed_units for s in sources if s.billed_units is not None), None)


def _accepted(line: Line, source: PartSource) -> bool:
    """Whether the organization is billed by this line: released, or never in doubt."""
    stayed = source.billed_to in (None, line.row.company_id)
    settled = line.row.outcome in (Outcome.UPDATED, Outcome.UNCHANGED)
    released = bool(line.released_by) and line.row.outcome is not Outcome.BLOCKED
    return released or (settled and stayed)


def moves(last: LastCycle, mappings: Mappings) -> dict[int, str]:
    """Organizations that moved since the last cycle, as a message by id of each company concerned.

    An organization that was excluded did not move: its mapping gives the reason.
    """
    messages: dict[int, list[str]] = {}
    for organization_id, before in sorted(last.companies.items()):
        mapping = mappings.organizations.get(organization_id)
        now = mapping.company_id if mapping else None
        if now == before or (mapping and now is None):
            continue
        name = mapping.organization_name if mapping else ""
        organization = f"organization {organization_id}{f' ({name})' if name else ''}"
        where = f"MAPPING / ORG#{organization_id}"
        left = f"{organization} was billed here in the last cycle and is not any more ({where})"
        messages.setdefault(before, []).append(left)
        if now is not None:
            from_company = mappings.company_name(before)
            came = f"{organization} was billed to {from_company} in the last cycle ({where})"
            messages.setdefault(now, []).append(came)
    return {company_id: "; ".join(messages[company_id]) for company_id in messages}
