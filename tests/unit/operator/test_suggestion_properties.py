"""Properties of the suggestions for any names."""

from random import Random

from hypothesis import given, settings

from tests.unit.chance import numbered
from tools.operator.suggestions.suggesting import suggest
from tools.operator.suggestions.values import Company, Grade, Organization, Suggested

# Reproducible: a red run here is red everywhere.
reproducible = settings(max_examples=200, deadline=None, derandomize=True)

# Few words, so that names collide.
WORDS = (
    "Acme Acmee Copperfield Smith Dental Lab Group Inc. LLC The - Denver Co dba formerly 1 2 & A"
)
IDENTIFIERS = ("", "ACME", "SMITH", "ACMEDENTAL", "CL")


def a_name(chance: Random) -> str:
    return " ".join(chance.choices(WORDS.split(), k=chance.randint(1, 4)))


def some_organizations(chance: Random) -> list[Organization]:
    return [Organization(at, a_name(chance)) for at in range(chance.randint(0, 6))]


def a_company(chance: Random, at: int) -> Company:
    return Company(at, a_name(chance), chance.choice(IDENTIFIERS))


def some_companies(chance: Random) -> list[Company]:
    return [a_company(chance, at) for at in range(chance.randint(0, 6))]


organizations, companies = numbered(some_organizations), numbered(some_companies)


def exact(suggestions: tuple[Suggested, ...]) -> set[tuple[int, int]]:
    return {
        (suggested.organization.id, found.company.id)
        for suggested in suggestions
        for found in suggested.suggestions
        if found.grade is Grade.EXACT
    }


@reproducible
@given(organizations, companies, numbered(lambda chance: chance))
def test_the_order_of_what_is_given_changes_nothing(
    ours: list[Organization], theirs: list[Company], chance: Random
):
    as_given = suggest(ours, theirs)

    assert suggest(chance.sample(ours, len(ours)), chance.sample(theirs, len(theirs))) == as_given


@reproducible
@given(organizations, companies)
def test_an_exact_company_has_one_organization_and_the_other_way_round(
    ours: list[Organization], theirs: list[Company]
):
    pairs = exact(suggest(ours, theirs))

    assert (
        len({organization for organization, _ in pairs})
        == len({other for _, other in pairs})
        == len(pairs)
    )


@reproducible
@given(organizations, organizations)
def test_exact_is_exact_from_either_side(ours: list[Organization], theirs: list[Organization]):
    there = suggest(ours, [Company(organization.id, organization.name) for organization in theirs])
    back = suggest(theirs, [Company(organization.id, organization.name) for organization in ours])

    assert exact(back) == {(company, organization) for organization, company in exact(there)}


@reproducible
@given(organizations, companies, numbered(lambda chance: chance))
def test_a_further_company_makes_no_other_one_exact(
    ours: list[Organization], theirs: list[Company], chance: Random
):
    further = a_company(chance, len(theirs))

    after = {pair for pair in exact(suggest(ours, [*theirs, further])) if pair[1] != further.id}

    assert after <= exact(suggest(ours, theirs))


@reproducible
@given(organizations, companies)
def test_suggestions_are_few_ordered_and_say_why(ours: list[Organization], theirs: list[Company]):
    for suggested in suggest(ours, theirs):
        grades = [found.grade for found in suggested.suggestions]
        assert len(grades) <= 3
        assert grades[1:] == [Grade.POSSIBLE] * len(grades[1:])
        assert all(0 < found.evidence.confidence <= 100 for found in suggested.suggestions)
        assert all(found.evidence.reason for found in suggested.suggestions)
