"""Organizations billed to another company than in the last cycle: a remapping, or a mistake."""

from collections.abc import Iterable, Mapping

from billing_sync.domain.applying import RowState
from billing_sync.domain.mapping import Mappings
from billing_sync.domain.plan import Outcome


def last_billed(states: Iterable[RowState]) -> dict[int, int]:
    """The company each organization was last billed to, by the rows of the last cycle.

    A row that moved an organization counts once a person released it; until then the organization
    stays where it was, however many cycles that takes.
    """
    carried: dict[int, int] = {}
    billed: dict[int, int] = {}
    for state in states:
        settled = state.row.outcome in (Outcome.UPDATED, Outcome.UNCHANGED)
        for source in (source for part in state.row.parts for source in part.sources):
            if state.released_by or (settled and source.billed_to is None):
                billed[source.organization_id] = state.row.company_id
            elif source.billed_to is not None:
                carried[source.organization_id] = source.billed_to
    return carried | billed


def moves(billed_to: Mapping[int, int], mappings: Mappings) -> dict[int, str]:
    """What a person should know before a company is billed, by company id, where there is any.

    An organization moves from one company's rows to another's. One that is excluded does not: its
    mapping says why.
    """
    told: dict[int, list[str]] = {}
    for organization_id, before in sorted(billed_to.items()):
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
