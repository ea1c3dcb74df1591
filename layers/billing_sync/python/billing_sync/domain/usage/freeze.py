"""The usage to freeze for an invoice, from Huntress's replies: a count is known, or unknown."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from billing_sync.domain.vendors.huntress import Organization, OrganizationDetail, UsageLine
from billing_sync.domain.vendors.usage import OrganizationUsage, Product, Reading, UsageSource

READS = 3  # an organization that failed so many is unknown, and the others are billed
READS_APART = timedelta(minutes=10)


def from_detail(
    detail: OrganizationDetail, previous: OrganizationUsage | None, *, read_at: datetime
) -> OrganizationUsage:
    """The usage of one organization from its detail; `previous` is the last frozen usage."""
    given = {reading.product: reading for reading in detail.readings}
    before = {r.product: r for r in previous.readings} if previous else {}
    readings = [
        _reading(product, given.get(product), before.get(product), detail.organization)
        for product in Product
    ]
    return OrganizationUsage(
        organization_id=detail.organization.id,
        organization_name=detail.organization.name,
        source=UsageSource.ORGANIZATION_DETAIL,
        read_at=read_at,
        readings=tuple(r for r in readings if r is not None),
        unrecognized=detail.unrecognized,
    )


def _reading(
    product: Product, given: Reading | None, before: Reading | None, organization: Organization
) -> Reading | None:
    """One product's reading; None where Huntress shows nothing of it."""
    gone = sorted(set(before.tenants if before else ()) - set(given.tenants if given else ()))
    if gone and product is Product.ITDR:
        reason = f"identity provider tenant {', '.join(gone)} was there last time and is missing"
        return Reading(product, None, reason)
    if given is not None:
        return given
    if product not in organization.list_counts:
        return None
    listed = organization.list_counts[product]
    if listed == 0:
        return Reading(product, 0)
    return Reading(
        product, None, f"Huntress lists {listed} for {product} but gives no billable count"
    )


def from_lines(lines: Iterable[UsageLine], *, read_at: datetime) -> tuple[OrganizationUsage, ...]:
    """The usage of every organization on a reseller invoice, from its lines.

    A product that is on two lines of one organization is unknown: different periods must not
    be added up, and the same one twice may be the same line seen twice.
    """
    by_organization: dict[int, list[UsageLine]] = {}
    for line in lines:
        by_organization.setdefault(line.organization_id, []).append(line)
    return tuple(
        OrganizationUsage(
            organization_id=organization_id,
            organization_name=own[0].organization_name,
            source=UsageSource.RESELLER_INVOICE,
            read_at=read_at,
            readings=_once_each(
                [
                    replace(r, period_end=line.period.end if line.period else None)
                    for line in own
                    for r in line.readings
                ]
            ),
            unrecognized=tuple(sorted({name for line in own for name in line.unrecognized})),
        )
        for organization_id, own in sorted(by_organization.items())
    )


def _once_each(readings: list[Reading]) -> tuple[Reading, ...]:
    times = Counter(reading.product for reading in readings)
    once = {
        r.product: r
        if times[r.product] == 1
        else Reading(r.product, None, f"{times[r.product]} invoice lines count {r.product}")
        for r in readings
    }
    return tuple(once[product] for product in sorted(once))


def unreadable(organization: Organization, why: str, *, read_at: datetime) -> OrganizationUsage:
    """The usage of an organization whose detail could not be read: all unknown."""
    return OrganizationUsage(
        organization_id=organization.id,
        organization_name=organization.name,
        source=UsageSource.ORGANIZATION_DETAIL,
        read_at=read_at,
        readings=tuple(
            Reading(product, None, why)
            for product in Product
            if organization.list_counts.get(product)
        ),
        failed_reads=1,
        failed_at=read_at,
    )


def unreadable_again(
    frozen: OrganizationUsage, why: str, *, read_at: datetime
) -> OrganizationUsage:
    """The usage after another failed read; one that comes too soon changes nothing."""
    assert frozen.failed_at
    if read_at - frozen.failed_at < READS_APART:  # guard: reads-apart
        return frozen
    return replace(
        frozen,
        read_at=read_at,
        readings=tuple(Reading(r.product, None, why) for r in frozen.readings),
        failed_reads=frozen.failed_reads + 1,
        failed_at=read_at,
    )


def to_be_read(frozen: OrganizationUsage | None, *, reads: int) -> bool:
    """Whether an organization's usage is to be read: nothing is frozen, or something is unknown.

    One that failed so many `reads` is not read again in this freeze.
    """
    if frozen is None:
        return True
    if frozen.failed_reads:
        return frozen.failed_reads < reads
    return any(reading.units is None for reading in frozen.readings)


def merged(frozen: OrganizationUsage, fresh: OrganizationUsage) -> OrganizationUsage:
    """Known counts stay as frozen; unknown ones take the fresh reading."""
    known = {r.product: r for r in frozen.readings if r.units is not None}
    readings = {r.product: r for r in (*frozen.readings, *fresh.readings)}
    readings |= known  # guard: frozen-stays
    return replace(fresh, readings=tuple(readings[product] for product in sorted(readings)))
