"""Whether the mappings fit what Huntress and ConnectWise hold: what is off is named, with ids."""

import pytest

from billing_sync.domain.checks import mappings as check
from billing_sync.domain.checks.check import Status
from billing_sync.domain.config.mappings import Mappings, OrganizationMapping
from billing_sync.domain.vendors.huntress import Organization
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import a_mapping, an_agreement

ACME, BOLT = Organization(101, "Acme"), Organization(103, "Bolt")


def named(organization_id: int, company_id: int | None, **names: str) -> Mappings:
    mapping = OrganizationMapping(organization_id, company_id, **names)
    return Mappings({organization_id: mapping})


def test_an_unmapped_organization_is_named_with_its_counts_and_the_way_out():
    counts = {Product.EDR: 7, Product.ITDR: 9, Product.SAT: 0}
    bakery = Organization(90, "New Horizons Bakery", counts)

    found = check.unmapped([ACME, bakery], a_mapping({101: 1}))

    assert found.status is Status.WARN
    assert found.message.startswith("1 of 2 organizations not mapped")
    assert found.details == ("New Horizons Bakery (id 90): 7 edr, 9 itdr",)
    assert found.fix.endswith("billing-sync mappings suggest")


def test_many_are_counted_and_the_largest_are_named():
    many = [Organization(at, f"O{at}", {Product.EDR: at}) for at in range(1, 19)]

    found = check.unmapped(many, a_mapping({}))

    assert found.message.startswith("18 of 18 organizations")
    assert found.details[0] == "O18 (id 18): 18 edr"
    assert len(found.details) == 6 and found.details[-1] == "and 13 more"


def test_mapped_and_excluded_organizations_are_all_there_is():
    mappings = Mappings(
        {101: OrganizationMapping(101, 1), 103: OrganizationMapping(103, None, excluded="ours")}
    )

    found = check.unmapped([ACME, BOLT], mappings)

    assert (found.status, found.message) == (
        Status.PASS,
        "2 organizations, each mapped or excluded (1 excluded)",
    )


def test_a_mapped_organization_that_left_huntress_is_named():
    mappings = named(101, 1, organization_name="Acme", company_name="Acme Inc")

    found = check.gone([BOLT], mappings)

    assert found.status is Status.WARN
    assert found.details == ("Acme (id 101), billed to Acme Inc",)
    assert "billing-sync mappings remove 101" in found.fix


def test_an_excluded_organization_may_leave():
    assert check.gone([ACME], named(7777, None, excluded="trial")).status is Status.PASS


def test_a_new_name_of_an_organization_is_reported_with_the_command_that_updates_it():
    found = check.renamed([ACME], named(101, 1, organization_name="Alder"))

    assert found.status is Status.WARN
    assert found.details == ("'Alder' is now 'Acme' (id 101)",)
    assert "billing-sync mappings heal" in found.fix


def test_a_new_name_of_a_company_is_reported_with_the_command_that_updates_it():
    agreements = [an_agreement(company_id=1, company_name="Acme Holdings")]

    found = check.companies_renamed(agreements, named(101, 1, company_name="Acme"))

    assert found.status is Status.WARN
    assert found.details == ("'Acme' is now 'Acme Holdings' (id 1)",)
    assert "billing-sync mappings heal" in found.fix


@pytest.mark.parametrize("seen", ["Acme Inc", "ACME  INC", " acme inc ", ""])
def test_case_and_gaps_are_no_new_name(seen: str):
    mappings = named(101, 1, organization_name=seen, company_name=seen)
    agreements = [an_agreement(company_id=1, company_name="Acme Inc")]

    assert check.renamed([Organization(101, "Acme Inc")], mappings).status is Status.PASS
    assert check.companies_renamed(agreements, mappings).status is Status.PASS


def test_a_company_seen_under_two_names_is_reported_until_both_are_its_present_name():
    mappings = Mappings(
        {
            101: OrganizationMapping(101, 1, company_name="Acme"),
            103: OrganizationMapping(103, 1, company_name="Acme Inc"),
        }
    )

    found = check.companies_renamed([an_agreement(company_id=1, company_name="Acme Inc")], mappings)

    assert found.message == "1 company renamed"
    assert found.details == ("'Acme' is now 'Acme Inc' (id 1)",)


def test_changes_cover_both_vendors_and_nothing_of_a_list_that_was_not_read():
    mapping = OrganizationMapping(101, 1, organization_name="Alder", company_name="Alder Inc")

    both = check.changes(mapping, organizations={101: "Acme"}, companies={})

    assert both == {check.Change.ORGANIZATION_RENAMED: "Acme", check.Change.COMPANY_GONE: ""}
    assert check.changes(mapping) == {}
    assert check.changes(OrganizationMapping(103, None), organizations={}, companies={}) == {
        check.Change.ORGANIZATION_GONE: ""
    }


@pytest.mark.parametrize(
    ("mapped", "status"),
    [
        ({101: 1, 103: 2}, Status.WARN),
        ({101: 1}, Status.WARN),
        ({101: 1, 103: 1}, Status.PASS),
        ({}, Status.PASS),
    ],
    ids=["two companies", "one mapped", "one company", "neither mapped"],
)
def test_organizations_of_one_name_that_are_billed_apart_look_like_one_client_twice(
    mapped: dict[int, int], status: Status
):
    found = check.alike([ACME, Organization(103, " ACME ")], a_mapping(mapped))

    assert found.status is status
    assert status is Status.PASS or found.details == ("Acme (ids 101, 103)",)


def test_a_mapped_company_without_any_agreement_is_named():
    mappings = named(101, 1, company_name="Acme")

    found = check.companies_gone([an_agreement(company_id=2)], mappings)

    assert found.status is Status.WARN
    assert found.details == ("Acme (id 1)",)
    assert check.companies_gone([an_agreement(company_id=1)], mappings).status is Status.PASS
