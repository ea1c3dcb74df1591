"""Whether each company has one addition for each product: the blocked rows of a trial plan."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from billing_sync.domain.checks.check import Found, passed, unverified, warned
from billing_sync.domain.config.effective import catalog_items
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.vendors.huntress import Organization
from billing_sync.domain.vendors.usage import OrganizationUsage, Reading, UsageSource
from billing_sync.domain.wording import counted

FIX = (
    "What to do stands beside each. Where a product is not to be billed: billing-sync mappings"
    " not-billed"
)


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
    """The rows that a plan would block for lack of one addition; money is left out, not counted."""
    catalog = {key: replace(item, price=None, cost=None) for key, item in inputs.catalog.items()}
    plan = make_plan(replace(inputs, catalog=catalog))
    blocked = [row for row in plan.rows if row.outcome is Outcome.BLOCKED]
    unread = {
        f"{row.company_name}: {row.message}" for row in blocked if row.reason is Reason.NOT_READ
    }
    rows = [row for row in blocked if row.reason is not Reason.NOT_READ]
    companies = counted(len(inputs.mappings.company_ids()), "company", "companies")
    if rows:
        first = sorted(rows, key=lambda row: (row.company_name.casefold(), row.key))
        details = (f"{row.company_name}, {row.products}: {row.message}" for row in first)
        return warned(_summary(rows, companies), FIX, details=details)
    if unread:
        return unverified(f"{len(unread)} of {companies} could not be read", details=sorted(unread))
    return passed(f"{companies}: one addition for each product that is used")


def _summary(rows: list[Row], companies: str) -> str:
    reasons = Counter(row.reason.value.replace("_", " ") for row in rows)
    counts = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
    blocked = len({row.company_id for row in rows})
    return f"{blocked} of {companies} would be blocked: {counts}"
