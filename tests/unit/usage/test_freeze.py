"""Huntress's counts become known once, or unknown; a missing count is never zero."""

from datetime import UTC, datetime

import pytest

from billing_sync.domain.usage.freeze import from_detail, from_lines
from billing_sync.domain.vendors.huntress import Organization, OrganizationDetail, Period, UsageLine
from billing_sync.domain.vendors.usage import OrganizationUsage, Product, Reading, UsageSource
from tests.unit.builders import READ, readings

LISTED = {Product.EDR: 0, Product.ITDR: 0, Product.SAT: 0, Product.SIEM: 0}


def frozen(
    units: dict[str, int | str] | tuple[Reading, ...],
    *,
    listed: dict[Product, int] | None = None,
    previous: OrganizationUsage | None = None,
) -> dict[Product, Reading]:
    given = units if isinstance(units, tuple) else readings(units)
    organization = Organization(101, "Acme", LISTED | (listed or {}))
    usage = from_detail(OrganizationDetail(organization, given), previous, read_at=READ)
    return {reading.product: reading for reading in usage.readings}


def before(*own: Reading) -> OrganizationUsage:
    return OrganizationUsage(101, "Acme", UsageSource.ORGANIZATION_DETAIL, READ, own)


def test_a_billable_count_is_taken_whatever_the_list_says():
    assert frozen({"edr": 12}, listed={Product.EDR: 15})[Product.EDR] == Reading(Product.EDR, 12)


def test_a_missing_product_is_zero_where_the_list_counts_zero_too():
    assert frozen({"edr": 12})[Product.SAT] == Reading(Product.SAT, 0)


def test_a_missing_product_is_unknown_where_the_list_counts_some():
    reading = frozen({"edr": 12}, listed={Product.SAT: 30})[Product.SAT]

    assert reading.units is None
    assert "30" in reading.unknown


def test_an_unusable_count_stays_unknown():
    reading = frozen({"edr": "it gave -1"})[Product.EDR]

    assert (reading.units, reading.unknown) == (None, "it gave -1")


def test_a_missing_product_without_a_list_count_has_no_reading():
    assert Product.ISPM not in frozen({"edr": 12})
    assert Product.ISPM not in frozen({"edr": 12}, previous=before(Reading(Product.ISPM, 8)))


TWO = before(Reading(Product.ITDR, 70, tenants=("google:b", "microsoft:a")))


def test_a_vanished_identity_provider_tenant_makes_identities_unknown():
    now = (Reading(Product.ITDR, 50, tenants=("microsoft:a",)),)

    reading = frozen(now, previous=TWO)[Product.ITDR]

    assert reading.units is None
    assert "google:b" in reading.unknown


def test_all_identity_provider_tenants_gone_is_unknown_too():
    reading = frozen({"edr": 12}, previous=TWO)[Product.ITDR]

    assert reading.units is None
    assert "google:b, microsoft:a" in reading.unknown


def test_the_same_or_more_identity_provider_tenants_are_counted():
    now = (Reading(Product.ITDR, 90, tenants=("google:b", "google:c", "microsoft:a")),)

    assert frozen(now, previous=TWO)[Product.ITDR].units == 90
    assert frozen(now)[Product.ITDR].units == 90


def test_a_freeze_says_whose_it_is_and_when_it_was_read():
    usage = from_detail(
        OrganizationDetail(Organization(101, "Acme"), readings({"edr": 1})), None, read_at=READ
    )

    assert (usage.organization_id, usage.organization_name) == (101, "Acme")
    assert (usage.source, usage.read_at) == (UsageSource.ORGANIZATION_DETAIL, READ)


def a_line(organization_id: int, units: dict[str, int | str], *, month: int = 6) -> UsageLine:
    start = datetime(2026, month, 1, tzinfo=UTC)
    end = datetime(2026, month + 1, 1, tzinfo=UTC)
    return UsageLine(organization_id, f"O{organization_id}", Period(start, end), readings(units))


def test_the_lines_of_a_reseller_invoice_are_usage_by_organization():
    lines = [a_line(102, {"edr": 3}), a_line(101, {"sat": 5, "edr": 12}), a_line(101, {"siem": 1})]

    first, second = from_lines(lines, read_at=READ)

    assert (first.organization_id, second.organization_id) == (101, 102)
    assert {r.product: r.units for r in first.readings} == {
        Product.EDR: 12,
        Product.SAT: 5,
        Product.SIEM: 1,
    }
    assert first.source is UsageSource.RESELLER_INVOICE


@pytest.mark.parametrize("month", [5, 6])
def test_two_reseller_lines_of_one_product_are_unknown_and_never_added_up(month):
    lines = [a_line(101, {"edr": 12, "sat": 5}), a_line(101, {"edr": 14}, month=month)]

    (usage,) = from_lines(lines, read_at=READ)

    edr, sat = usage.readings
    assert (edr.product, edr.units) == (Product.EDR, None)
    assert "2 invoice lines" in edr.unknown
    assert (sat.product, sat.units) == (Product.SAT, 5)
