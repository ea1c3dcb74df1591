"""What each organization was billed for in the last cycle, and to whom: what a mistake changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from billing_sync.domain.applying import RowState
from billing_sync.domain.mapping import Mappings
from billing_sync.domain.plan import Outcome, PartSource
from billing_sync.domain.run import Run
from billing_sync.domain.usage import Product


@dataclass(frozen=True, slots=True)
class LastCycle:
    """Companies by organization, and units by organization and product."""

    companies: dict[int, int] = field(default_factory=dict)
    units: dict[tuple[int, Product], int] = field(default_factory=dict)

    @classmethod
    def of(cls, states: Iterable[RowState]) -> "LastCycle":
        """As the rows of the last cycle ended.

        What was held counts once a person released it; until then an organization stays where and
        what it was, however many cycles that takes.
        """
        carried: dict[int, int] = {}
        companies: dict[int, int] = {}
        units: dict[tuple[int, Product], int] = {}
        for state in states:
            for part in state.row.parts:
                for source in part.sources:
                    accepted = _accepted(state, source)
                    company_id = state.row.company_id if accepted else source.billed_to
                    if company_id is not None:
                        known = companies if accepted else carried
                        known[source.organization_id] = company_id
                    counted = source.units if accepted else source.billed_units
                    if counted is not None:
                        units[source.organization_id, part.product] = counted
        return cls(carried | companies, units)


def last_cycles(syncs: Iterable[Run], products: tuple[Product, ...]) -> tuple[tuple[Run, ...], ...]:
    """What to compare these products (() is all) with: runs by invoice, newest first.

    For each product those over the newest invoice that spoke of it.
    """
    by_invoice: dict[int, list[Run]] = {}
    for run in syncs:
        assert run.invoice is not None
        by_invoice.setdefault(run.invoice.id, []).append(run)
    wanted = set(products or Product)
    chosen: list[tuple[Run, ...]] = []
    for runs in by_invoice.values():
        spoken = set(runs[0].products or Product)
        if wanted & spoken:
            chosen.append(tuple(runs))
            wanted -= spoken
    return tuple(chosen)


def _accepted(state: RowState, source: PartSource) -> bool:
    """Whether the row stands for this organization: released, or never in doubt."""
    stayed = source.billed_to in (None, state.row.company_id)
    settled = state.row.outcome in (Outcome.UPDATED, Outcome.UNCHANGED)
    return bool(state.copied_by) or (settled and stayed)


def moves(last: LastCycle, mappings: Mappings) -> dict[int, str]:
    """What a person should know before a company is billed, by company id, where there is any.

    An organization moves from one company's rows to another's. One that is excluded does not: its
    mapping says why.
    """
    told: dict[int, list[str]] = {}
    for organization_id, before in sorted(last.companies.items()):
        mapping = mappings.organizations.get(organization_id)
        now = mapping.company_id if mapping else None
        if now == before or (mapping and now is None):
            continue
        name = mapping.organization_name if mapping else ""
        who = f"organization {organization_id}{f' ({name})' if name else ''}"
        where = f"MAPPING / ORG#{organization_id}"
        left = f"{who} was billed here in the last cycle and is not any more ({where})"
        told.setdefault(before, []).append(left)
        if now is not None:
            from_company = mappings.company_name(before)
            came = f"{who} was billed to {from_company} in the last cycle ({where})"
            told.setdefault(now, []).append(came)
    return {company_id: "; ".join(told[company_id]) for company_id in told}
