"""Whether each company has one addition for each product: the blocked rows of a trial plan."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from billing_sync.domain.checks.check import Found, failed, passed, unverified, warned
from billing_sync.domain.config.effective import catalog_items
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.vendors.huntress import Organization
from billing_sync.domain.vendors.usage import OrganizationUsage, Product, Reading, UsageSource
from billing_sync.domain.wording import counted

FIX = (
    "What to do is stated beside each. Where a product is not to be billed: billing-sync mappings"
    " not-billed"
)
UNMAPPED = "Map organizations to companies: billing-sync mappings suggest"
NOTHING = "no quantity could be written"
WRITABLE = frozenset({Outcome.UPDATED, Outcome.UNCHANGED, Outcome.HELD})


def pretended(
    organizations: Iterable[Organization], mappings: Mappings, settings: Settings, *, at: datetime
) -> tuple[OrganizationUsage, ...]:
    """Usage as if the counts of Huntress's list were billable: it shows who uses a product.

    A product without a count in the list is taken as unused, so that only its existing additions
    are checked.
    """
    return tuple(
        OrganizationUsage(
            organization_id=organization.id,
            organization_name=organization.name,
            # Not the organization's detail: a product without a count is then no unknown count.
            source=UsageSource.IMPORTED,
            read_at=at,
            readings=tuple(_readings(organization, mappings, settings)),
        )
        for organization in organizations
    )


def _readings(
    organization: Organization, mappings: Mappings, settings: Settings
) -> Iterator[Reading]:
    mapping = mappings.organizations.get(organization.id)
    if mapping is None or mapping.company_id is None:
        return
    for product in catalog_items(mappings.rules(mapping.company_id), settings):
        yield Reading(product, organization.list_counts.get(product, 0))


def places(inputs: PlanInputs) -> Found:
    """The rows that a plan would block, by the planner's own rules; money is left out.

    Fails where a plan would have no row that can be written.
    """
    catalog = {key: replace(item, price=None, cost=None) for key, item in inputs.catalog.items()}
    plan = make_plan(replace(inputs, catalog=catalog))
    mapped = inputs.mappings.company_ids()
    if not mapped:
        return failed(f"{NOTHING}: no organization is mapped to a company", UNMAPPED)
    companies = counted(len(mapped), "company", "companies")
    coverage = plan.coverage
    if coverage.to_correct:
        return failed(f"{NOTHING}: {coverage.unread[0]}", details=coverage.unread)
    if not coverage.complete:
        unread = coverage.companies - coverage.companies_read
        return unverified(f"{unread} of {companies} could not be read", details=coverage.unread)
    rows = [row for row in plan.rows if row.outcome is Outcome.BLOCKED]
    rows.sort(key=lambda row: (row.company_name.casefold(), row.key))
    details = [f"{row.company_name}, {row.products}: {row.message}" for row in rows]
    if not any(row.outcome in WRITABLE for row in plan.rows):  # guard: ready-can-write
        why = _summary(rows, companies) if rows else f"{companies}, {_none_blocked(plan.rows)}"
        return failed(f"{NOTHING}: {why}", FIX, details=details)
    if rows:
        return warned(_summary(rows, companies), FIX, details=details)
    return passed(f"{companies}: one addition for each product that is used")


def _none_blocked(rows: tuple[Row, ...]) -> str:
    if rows:
        return "all of whose products are set not to be billed"
    return "none with usage in Huntress's list or an addition that bills it"


def _summary(rows: list[Row], companies: str) -> str:
    reasons = Counter(row.reason.value.replace("_", " ") for row in rows)
    counts = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
    blocked = len({row.company_id for row in rows})
    return f"{blocked} of {companies} would be blocked: {counts}{_by_the_list(rows)}"


def _by_the_list(rows: list[Row]) -> str:
    """That the list's agents are no usage: it counts all of them, billable or not."""
    listed = any(
        part.product is Product.EDR and part.known_units
        for row in rows
        if row.reason is not Reason.AMBIGUOUS
        for part in row.parts
    )
    return " (Huntress's list counts agents that are not billed, too)" if listed else ""
