"""Which company is suggested for an organization, how far it is trusted, and what is said of it."""

import pytest

from tests.unit.company_names.many import many
from tools.operator.suggestions.suggesting import suggest
from tools.operator.suggestions.values import Company, Grade, Organization, Suggestion, Suggestions


def suggested(organizations: list[str], companies: list[str]) -> Suggestions:
    """By names; an identifier follows in brackets."""
    split = [name.rstrip("]").split(" [") for name in companies]
    return suggest(
        [Organization(at, name) for at, name in enumerate(organizations, 1)],
        [Company(at, *parts) for at, parts in enumerate(split, 1)],
    )


def first(organization: str, *companies: str, beside: tuple[str, ...] = ()) -> Suggestion:
    return suggested([organization, *beside], list(companies)).suggested[0].suggestions[0]


def test_names_equal_but_for_their_legal_form_may_be_accepted_in_bulk():
    found = first("Alderfinch Inc.", "Alderfinch LLC", "Birch LLC")

    assert (found.grade, found.evidence.confidence, found.company.id) == (Grade.EXACT, 100, 1)
    assert found.evidence.reason.startswith("same name but for legal form")


def test_two_companies_of_one_name_are_nobodys_exact_match():
    found = first("Alder Finch", "Alder Finch Inc.", "Alder Finch GmbH")

    assert found.grade is Grade.POSSIBLE
    assert "companies 1, 2 have this name" in found.evidence.reason


def test_of_two_companies_of_one_name_the_one_written_alike_is_likely():
    found = first("Alder Finch GmbH", "Alder Finch Inc.", "Alder Finch GmbH")

    assert (found.grade, found.company.id) == (Grade.LIKELY, 2)
    assert "to the letter" in found.evidence.reason


def test_two_organizations_of_one_name_are_likely_and_reported_as_look_alikes():
    found = suggested(["Alder Finch", "Alder Finch LLC", "Birch"], ["Alder Finch"])

    assert [one.suggestions[0].grade for one in found.suggested[:2]] == [Grade.LIKELY] * 2
    assert "organization 'Alder Finch LLC' leads there too" in (
        found.suggested[0].suggestions[0].evidence.reason
    )
    assert [[one.id for one in same] for same in found.look_alikes] == [[1, 2]]


def test_another_companys_former_name_or_identifier_makes_the_same_name_no_longer_exact():
    assert first("Zest", "Zest", "Lime (formerly Zest)").grade is Grade.LIKELY
    assert first("Zest", "Zest", "Lime [ZEST]").grade is Grade.LIKELY
    assert first("Zest", "Zest", "Lime [LIME]").grade is Grade.EXACT


def test_several_organizations_of_one_company_are_likely_and_say_so():
    found = suggested(["Mosswood - Denver", "Mosswood - Boulder"], ["Mosswood"])

    for one in found.suggested:
        assert one.suggestions[0].grade is Grade.LIKELY
        assert "leads there too" in one.suggestions[0].evidence.reason
    assert found.look_alikes == ()


def test_a_company_that_is_a_better_match_for_another_organization_is_only_possible():
    alone = first("NWCU", "North Willamette Credit Union")
    beside = first(
        "NWCU", "North Willamette Credit Union", beside=("North Willamette Credit Union",)
    )

    assert alone.grade is Grade.LIKELY
    assert beside.grade is Grade.POSSIBLE
    assert "fits it no worse" in beside.evidence.reason


def test_a_word_that_others_have_too_makes_a_company_possible():
    found = first(
        "Copperfield",
        *("Copperfield Wealth Advisors [COPPERFIELD]", "Copperfield Tiles of Ohio"),
        beside=("Copperfield Zoo",),
    )

    assert found.grade is Grade.POSSIBLE
    assert found.evidence.reason.startswith("both have 'copperfield'")


def test_sites_of_a_business_are_never_exact_for_the_business():
    found = suggested(["Acme"], ["Acme - Denver", "Acme - Boulder"]).suggested[0].suggestions

    assert [one.grade for one in found] == [Grade.POSSIBLE] * 2
    assert "'Acme - Boulder' fits as well" in found[0].evidence.reason


@pytest.mark.parametrize(
    ("organization", "company", "reason"),
    [
        ("Copperfield", "Copperfield Wealth Advisors", "same unique word 'copperfield'"),
        ("Redstart Ale", "RB Inns [REDSTARTALE]", "ConnectWise identifier 'REDSTARTALE' is the"),
        ("Blue Water Pools", "Bluewater Pools", "same name but for spaces"),
        ("Blue Water Pools Group", "Bluewater Pools", "'blue water' for 'bluewater'"),
        ("Kowalcyzk Plumbing", "Kowalczyk Plumbing", "'kowalcyzk' for 'kowalczyk'"),
        ("Lantern", "Beck LLC dba Lantern", "other or former name 'lantern'"),
        ("Tilden Dental", "Dental of Tilden", "same words in another order but for 'of'"),
        ("Thornapple Group", "Thornapple", "same name but for 'group'"),
        ("Mosswood - Denver", "Mosswood", "a site of 'Mosswood'"),
        ("Mosswood", "Mosswood - Denver", "'Mosswood - Denver' is a site of it"),
        ("1043 - Tidewater Supply", "Tidewater Supply", "same name behind the number '1043'"),
        ("NWCU", "North Willamette Credit Union", "'NWCU' are the initials of"),
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
        ("Hull Park", "Hull Parkview"),
        ("Dakota", "Dakota Grain [DAKOTA]"),
        ("Valdez Dental", "Valdez Dental Lab"),
        ("American Group", "American"),
    ],
)
def test_what_only_looks_alike_is_never_more_than_possible(organization: str, company: str):
    found = suggested([organization], [company]).suggested[0].suggestions

    assert all(one.grade is Grade.POSSIBLE for one in found)


def test_a_word_that_several_names_have_is_no_other_word_mistyped():
    alone = first("Quill Optical", "Quill Optimal")
    beside = first(
        "Quill Optical",
        *("Quill Optimal", "Hale Optimal", "Wray Optimal"),
        beside=("Lunt Optical", "Hart Optical"),
    )

    assert (alone.grade, beside.grade) == (Grade.LIKELY, Grade.POSSIBLE)


def test_a_mere_likeness_is_told_in_percent_beside_the_next_best():
    found = first("St. Mary School", "St. Mark School", "St. Martin School")

    assert (found.grade, found.evidence.reason) == (
        Grade.POSSIBLE,
        "93 % alike, next best 87 %",
    )


def test_an_organization_without_a_counterpart_or_without_a_name_gets_no_suggestion():
    found = suggested(["Zephyr Aviation", "***", ""], ["Old Town Bakery", "***", "Acme"])

    assert [one.suggestions for one in found.suggested] == [(), (), ()]


def test_at_most_three_companies_are_named_and_only_the_first_may_be_above_possible():
    names = ["Larkin Foods", *(f"Larkin Foods {n}" for n in ("Group", "USA", "North", "South"))]
    found = suggested(["Larkin Foods"], names).suggested[0].suggestions

    assert [one.grade for one in found] == [Grade.EXACT, Grade.POSSIBLE, Grade.POSSIBLE]


def test_of_many_alike_the_same_few_are_named_in_whatever_order_they_come():
    companies = [Company(at, f"Larkin Foods {at}") for at in range(60)]
    organizations = [Organization(1, "Larkin Foods")]

    assert suggest(organizations, companies[::-1]) == suggest(organizations, companies)


def test_the_comparisons_grow_with_the_names_and_find_the_company_all_the_same():
    for count in (100, 400):
        found = suggest(*many(count))

        assert found.comparisons <= 25 * count
        assert [one.suggestions[0].company.id for one in found.suggested] == [*range(count)]
