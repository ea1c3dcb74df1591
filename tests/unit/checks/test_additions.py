"""Each company has one place for each product it uses, judged by Huntress's list, without money."""

from dataclasses import replace

import pytest

from billing_sync.domain.checks.additions import places, pretended
from billing_sync.domain.checks.check import Found, Status
from billing_sync.domain.config.destinations import FixedUnits, Pin, Split
from billing_sync.domain.config.mappings import CompanyRules, Mappings, OrganizationMapping
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.vendors.connectwise import UnusableAddition
from billing_sync.domain.vendors.huntress import Organization
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import (
    READ,
    a_mapping,
    an_addition,
    an_agreement,
    an_item,
    some_inputs,
    some_settings,
    the_catalog,
)

EDR, SAT = Product.EDR, Product.SAT
AGREEMENTS = (an_agreement(20), an_agreement(21, name="Projects"))


def found(
    *,
    listed: dict[Product, int] | None = None,
    mappings: Mappings | None = None,
    settings: Settings | None = None,
    **world: object,
) -> Found:
    """The finding for one organization of these counts, mapped to company 1."""
    mappings, settings = mappings or a_mapping({101: 1}), settings or some_settings()
    organization = Organization(101, "Acme", {EDR: 12} if listed is None else listed)
    usage = pretended([organization], mappings, settings, at=READ)
    inputs = some_inputs(mappings=mappings, settings=settings, usage=usage, invoice=None)
    return places(replace(inputs, **world))


def test_one_addition_for_each_product_that_is_used_is_right():
    assert found().status is Status.PASS
    assert found().message == "1 company: one addition for each product that is used"


@pytest.mark.parametrize("listed", [{EDR: 12}, {EDR: 0}, {}], ids=["used", "unused", "not listed"])
def test_two_places_are_reported_with_ids_and_no_money_even_for_an_unused_product(
    listed: dict[Product, int],
):
    finding = found(listed=listed, additions=(an_addition(701), an_addition(702)))

    assert finding.status is Status.FAIL
    assert "1 of 1 company would be blocked: 1 ambiguous" in finding.message
    (detail,) = finding.details
    assert "addition 701 " in detail and "addition 702 " in detail
    assert "Not billed" not in detail


def test_only_a_used_product_needs_an_addition():
    assert found(listed={EDR: 12, SAT: 0}).status is Status.PASS

    (detail,) = found(listed={EDR: 12, SAT: 9}).details

    assert "sat: no addition of HUNTRESS-SAT" in detail and "Not billed" not in detail


def test_a_company_without_an_agreement_or_with_one_that_ended_has_no_place():
    ended = an_agreement(20, status="Expired", end_date=READ.date().replace(month=6))

    without, expired = found(agreements=(), additions=()), found(agreements=(ended,))

    assert (without.status, expired.status) == (Status.FAIL, Status.FAIL)
    assert "1 no agreement" in without.message and "1 agreement expired" in expired.message
    assert "expired on 2026-06-01" in expired.details[0]


def test_pins_splits_and_own_catalog_items_are_places():
    both = (an_addition(701, agreement_id=20), an_addition(702, agreement_id=21))
    pinned = Mappings({101: OrganizationMapping(101, 1, pin=Pin(21))})
    split = a_mapping({101: 1}, CompanyRules(1, splits={EDR: Split((FixedUnits(20, 5),), 21)}))
    own = a_mapping({101: 1}, CompanyRules(1, catalog_items={EDR: 47}))
    bought = an_addition(703, catalog_item_id=47, catalog_item_identifier="OWN-EDR")
    catalog = the_catalog() | {47: an_item(47, "OWN-EDR")}

    assert found(mappings=pinned, agreements=AGREEMENTS, additions=both).status is Status.PASS
    assert found(mappings=split, agreements=AGREEMENTS, additions=both).status is Status.PASS
    assert found(mappings=own, additions=(bought,), catalog=catalog).status is Status.PASS
    assert found(agreements=AGREEMENTS, additions=both).status is Status.FAIL
    assert found(additions=(bought,), catalog=catalog).status is Status.FAIL


def test_a_pin_to_an_agreement_that_is_not_there_is_no_place():
    pinned = Mappings({101: OrganizationMapping(101, 1, pin=Pin(999))})

    assert "the company has no agreement 999" in found(mappings=pinned).details[0]


def test_the_reasons_of_many_companies_are_counted_and_some_are_named():
    mappings = a_mapping({100 + company: company for company in range(1, 10)})
    listed = [Organization(o, f"O{o}", {EDR: 1}) for o in mappings.organizations]
    agreements = [an_agreement(20 + company, company_id=company) for company in range(1, 9)]
    additions = [an_addition(708, agreement_id=28)]
    additions += [an_addition(709 + at, agreement_id=27) for at in range(2)]
    inputs = some_inputs(
        usage=pretended(listed, mappings, some_settings(), at=READ),
        mappings=mappings,
        agreements=tuple(agreements),
        additions=tuple(additions),
        invoice=None,
    )

    finding = places(inputs)

    assert finding.message == (
        "8 of 9 companies would be blocked: 6 no addition, 1 ambiguous, 1 no agreement"
        " (Huntress's list counts agents that are not billed, too)"
    )
    assert len(finding.details) == 6 and finding.details[-1] == "and 3 more"
    assert finding.details[0].startswith("Company 1, edr: ")


def test_companies_that_could_not_be_read_are_not_passed():
    finding = found(unread={20: "no answer"})

    assert finding.status is Status.UNVERIFIED
    assert finding.message == "1 of 1 company could not be read"
    assert finding.details[0].startswith("Company 1: ") and "no answer" in finding.details[0]


def test_records_that_keep_a_sync_from_writing_anything_fail():
    broken = tuple(UnusableAddition(n, 20, "quantity has no value", 41) for n in (702, 703))

    finding = found(unusable=broken)

    assert finding.status is Status.FAIL
    assert finding.message.startswith("no quantity could be written: 2 of 3 additions cannot be")


def test_where_every_product_is_set_not_to_be_billed_it_fails_with_that_cause():
    rules = CompanyRules(1, not_billed={EDR: "free of charge"})

    finding = found(mappings=a_mapping({101: 1}, rules))

    assert finding.status is Status.FAIL
    assert "all of whose products are set not to be billed" in finding.message


def test_organizations_without_a_company_have_no_usage():
    mappings = Mappings({103: OrganizationMapping(103, None, excluded="ours")})
    organizations = [Organization(101, "Acme", {EDR: 9}), Organization(103, "Us", {EDR: 9})]

    usage = pretended(organizations, mappings, some_settings(), at=READ)

    assert [organization.readings for organization in usage] == [(), ()]


def test_where_no_row_could_be_written_it_fails_and_says_why():
    unmapped = Mappings({103: OrganizationMapping(103, None, excluded="ours")})

    assert found(mappings=unmapped).message == (
        "no quantity could be written: no organization is mapped to a company"
    )
    assert found(listed={}, additions=()).message == (
        "no quantity could be written: 1 company, none with usage in Huntress's list or an addition"
        " that bills it"
    )


def test_an_agreement_that_was_not_read_is_not_passed_for_being_beside_blocked_rows():
    mappings = a_mapping({101: 1, 102: 2})
    agreements = (an_agreement(20), an_agreement(30, company_id=2))
    finding = found(
        mappings=mappings, agreements=agreements, additions=(), unread={30: "no answer"}
    )

    assert finding.status is Status.UNVERIFIED
