"""Which company is suggested for an organization, how far it is trusted, and the reason shown."""

import pytest

from tests.unit.company_names.lines import many
from tools.operator.suggestions.suggesting import suggest
from tools.operator.suggestions.values import Company, Grade, Organization, Suggested, Suggestion


def suggested(organizations: list[str], companies: list[str]) -> tuple[Suggested, ...]:
    """By names; an identifier follows in brackets."""
    split = [name.rstrip("]").split(" [") for name in companies]
    return suggest(
        [Organization(at, name) for at, name in enumerate(organizations, 1)],
        [Company(at, *parts) for at, parts in enumerate(split, 1)],
    )


def first(organization: str, *companies: str, beside: tuple[str, ...] = ()) -> Suggestion:
    return suggested([organization, *beside], list(companies))[0].suggestions[0]


def test_names_equal_but_for_their_legal_form_may_be_accepted_in_bulk():
    found = first("Alderfinch Inc.", "Alderfinch LLC", "Birch LLC")

    assert (found.grade, found.evidence.confidence, found.company.id) == (Grade.EXACT, 100, 1)
    assert found.evidence.reason.startswith("same name but for legal form")


def test_two_companies_of_one_name_are_nobodys_exact_match():
    found = first("Alder Finch", "Alder Finch Inc.", "Alder Finch GmbH")

    assert found.grade is Grade.POSSIBLE
    assert "others have it too; 'Alder Finch GmbH' fits as well" in found.evidence.reason


def test_of_two_companies_of_one_name_the_one_written_alike_is_likely():
    found = first("Alder Finch GmbH", "Alder Finch Inc.", "Alder Finch GmbH")

    assert (found.grade, found.company.id) == (Grade.LIKELY, 2)
    assert found.evidence.reason == "same name; others have it too"


def test_two_organizations_of_one_name_are_likely():
    found = suggested(["Alder Finch", "Alder Finch LLC", "Birch"], ["Alder Finch"])

    assert [each.suggestions[0].grade for each in found[:2]] == [Grade.LIKELY] * 2
    assert "organization 'Alder Finch LLC' leads there too" in (
        found[0].suggestions[0].evidence.reason
    )


def test_another_companys_former_name_or_identifier_makes_the_same_name_no_longer_exact():
    assert first("Zest", "Zest", "Lime (formerly Zest)").grade is Grade.LIKELY
    assert first("Zest", "Zest", "Lime [ZEST]").grade is Grade.LIKELY
    assert first("Zest", "Zest", "Lime [LIME]").grade is Grade.EXACT


def test_several_organizations_of_one_company_are_likely_and_marked():
    found = suggested(["Mosswood - Denver", "Mosswood - Boulder"], ["Mosswood"])

    for each in found:
        assert each.suggestions[0].grade is Grade.LIKELY
        assert "leads there too" in each.suggestions[0].evidence.reason


def test_a_company_that_is_a_better_match_for_another_organization_is_only_possible():
    alone = first("Copperfield", "Copperfield Wealth Advisors")
    beside = first(
        "Copperfield", "Copperfield Wealth Advisors", beside=("Copperfield Wealth Advisors",)
    )

    assert alone.grade is Grade.LIKELY
    assert beside.grade is Grade.POSSIBLE
    assert "fits it no worse" in beside.evidence.reason


def test_two_companies_that_begin_with_the_name_are_only_possible():
    found = first("Copperfield", "Copperfield Wealth Advisors", "Copperfield Tiles of Ohio")

    assert found.grade is Grade.POSSIBLE
    assert "'Copperfield Tiles of Ohio' fits as well" in found.evidence.reason


def test_sites_of_a_business_are_never_exact_for_the_business():
    found = suggested(["Acme"], ["Acme - Denver", "Acme - Boulder"])[0].suggestions

    assert [each.grade for each in found] == [Grade.POSSIBLE] * 2
    assert "'Acme - Boulder' fits as well" in found[0].evidence.reason


@pytest.mark.parametrize(
    ("organization", "company", "reason"),
    [
        ("Copperfield", "Copperfield Wealth Advisors", "'copperfield' is the first word of"),
        ("Redstart Ale", "RB Inns [REDSTARTALE]", "ConnectWise identifier 'REDSTARTALE' is the"),
        ("Blue Water Pools", "Bluewater Pools", "same name but for spaces"),
        ("Blue Water Pools Group", "Bluewater Pools", "same name but for 'group'"),
        ("Kowalcyzk Plumbing", "Kowalczyk Plumbing", "'kowalcyzk' for 'kowalczyk'"),
        ("Lantern", "Beck LLC dba Lantern", "other or former name 'lantern'"),
        ("Tilden Dental", "Dental of Tilden", "all words of 'tilden dental' are in"),
        ("Thornapple Group", "Thornapple", "same name but for 'group'"),
        ("Mosswood - Denver", "Mosswood", "'Mosswood - Denver' is a site"),
        ("Mosswood", "Mosswood - Denver", "'Mosswood - Denver' is a site"),
        ("1043 - Tidewater Supply", "Tidewater Supply", "same name but for '1043'"),
        ("NWCU", "North Willamette Credit Union [NWCU]", "ConnectWise identifier 'NWCU' is the"),
        ("N. Shore Vet Hosp", "North Shore Vet Hospital", "'hosp' for 'hospital'"),
    ],
)  # fmt: skip
def test_a_likely_company_comes_with_its_reason(organization: str, company: str, reason: str):
    found = first(organization, company, "Somebody Else")

    assert (found.grade, found.company.id) == (Grade.LIKELY, 1)
    assert reason in found.evidence.reason


@pytest.mark.parametrize(
    ("organization", "company"),
    [
        ("Smith Dental", "Smith Dental Lab"),
        ("Acme East", "Acme West"),
        ("IBEW Local 104", "IBEW Local 401"),
        ("Storage Site 1", "Storage Site 2"),
        ("Vista Group", "Vista Holdings"),
        ("Petersen Law", "Peterson Law"),
        ("Maria Lopez CPA", "Mario Lopez CPA"),
        ("ABC", "American Baking Crew"),
        ("Tasker - Omaha", "Tasker - Lincoln"),
        ("Sierra 2", "Sierra"),
        ("Daniel Ortiz CPA", "Daniela Ortiz CPA"),
        ("Quillen 10452", "Quillen 14052"),
        ("Quill Optical", "Quill Optimal"),
        ("Hull Park", "Hull Parkview"),
        ("Valdez Dental", "Valdez Dental Lab"),
    ],
)
def test_what_only_looks_alike_is_never_more_than_possible(organization: str, company: str):
    found = suggested([organization], [company])[0].suggestions

    assert all(each.grade is Grade.POSSIBLE for each in found)


def test_a_mere_likeness_is_shown_in_percent():
    names = ["St. Mary School", "St. Mark School", "St. Martin School"]
    found = suggested(names[:1], names[1:])[0].suggestions

    assert [each.evidence.reason for each in found] == ["93 % alike", "87 % alike"]
    assert {each.grade for each in found} == {Grade.POSSIBLE}


def test_an_organization_without_a_counterpart_or_without_a_name_gets_no_suggestion():
    found = suggested(["Zephyr Aviation", "***", ""], ["Old Town Bakery", "***", "Acme"])

    assert [each.suggestions for each in found] == [(), (), ()]


def test_at_most_three_companies_are_named_and_only_the_first_may_be_above_possible():
    names = ["Larkin Foods", *(f"Larkin Foods {n}" for n in ("Group", "USA", "North", "South"))]
    found = suggested(["Larkin Foods"], names)[0].suggestions

    assert [each.grade for each in found] == [Grade.EXACT, Grade.POSSIBLE, Grade.POSSIBLE]


def test_of_many_alike_the_same_few_are_named_in_whatever_order_they_come():
    companies = [Company(at, f"Larkin Foods {at}") for at in range(60)]
    organizations = [Organization(1, "Larkin Foods")]

    assert suggest(organizations, companies[::-1]) == suggest(organizations, companies)


def test_of_many_names_each_organization_finds_its_company():
    found = suggest(*many(400))

    assert [each.suggestions[0].company.id for each in found] == [*range(400)]
