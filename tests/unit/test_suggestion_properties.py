"""What holds for the suggestions of any names."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tools.operator.suggestions.suggesting import suggest
from tools.operator.suggestions.values import Company, Grade, Organization, Suggestions

# Reproducible: a red run here is red everywhere.
reproducible = settings(max_examples=200, deadline=None, derandomize=True)

# Few words, so that names collide.
WORDS = (
    "Acme Acmee Copperfield Smith Dental Lab Group Inc. LLC The - Denver Co dba formerly 1 2 & A"
)
words = st.sampled_from(WORDS.split())
names = st.lists(words, min_size=1, max_size=4).map(" ".join)
identifiers = st.sampled_from(["", "ACME", "SMITH", "ACMEDENTAL", "CL"])
organizations = st.lists(names, max_size=6).map(
    lambda all_names: [Organization(at, name) for at, name in enumerate(all_names)]
)
companies = st.lists(st.tuples(names, identifiers), max_size=6).map(
    lambda every: [Company(at, *one) for at, one in enumerate(every)]
)


def exact(suggestions: Suggestions) -> set[tuple[int, int]]:
    return {
        (one.organization.id, found.company.id)
        for one in suggestions.suggested
        for found in one.suggestions
        if found.grade is Grade.EXACT
    }


@reproducible
@given(organizations, companies, st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_changes_nothing(
    ours: list[Organization], theirs: list[Company], chance: random.Random
):
    as_given = suggest(ours, theirs)

    assert suggest(chance.sample(ours, len(ours)), chance.sample(theirs, len(theirs))) == as_given


@reproducible
@given(organizations, companies)
def test_an_exact_company_has_one_organization_and_the_other_way_round(
    ours: list[Organization], theirs: list[Company]
):
    pairs = exact(suggest(ours, theirs))

    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)


@reproducible
@given(organizations, st.lists(names, max_size=6))
def test_exact_is_exact_from_either_side(ours: list[Organization], theirs: list[str]):
    there = suggest(ours, [Company(at, name) for at, name in enumerate(theirs)])
    back = suggest(
        [Organization(at, name) for at, name in enumerate(theirs)],
        [Company(one.id, one.name) for one in ours],
    )

    assert exact(back) == {(company, organization) for organization, company in exact(there)}


@reproducible
@given(organizations, companies, names, identifiers)
def test_a_further_company_makes_no_other_one_exact(
    ours: list[Organization], theirs: list[Company], name: str, identifier: str
):
    further = Company(len(theirs), name, identifier)

    after = {pair for pair in exact(suggest(ours, [*theirs, further])) if pair[1] != further.id}

    assert after <= exact(suggest(ours, theirs))


@reproducible
@given(organizations, companies)
def test_suggestions_are_few_ordered_and_say_why(ours: list[Organization], theirs: list[Company]):
    for one in suggest(ours, theirs).suggested:
        grades = [found.grade for found in one.suggestions]
        assert len(grades) <= 3
        assert grades[1:] == [Grade.POSSIBLE] * len(grades[1:])
        assert all(0 < found.evidence.confidence <= 100 for found in one.suggestions)
        assert all(found.evidence.reason for found in one.suggestions)
