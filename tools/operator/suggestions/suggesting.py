"""Suggests companies for organizations, by their names. Applies nothing."""

from collections.abc import Iterable

from tools.operator.suggestions.candidates import Candidates
from tools.operator.suggestions.choosing import Names, ranked
from tools.operator.suggestions.likeness import likeness
from tools.operator.suggestions.sharing import look_alikes, with_sharers
from tools.operator.suggestions.values import (
    Company,
    Organization,
    Suggested,
    Suggestion,
    Suggestions,
)
from tools.operator.suggestions.written import Rarity, Written


def suggest(organizations: Iterable[Organization], companies: Iterable[Company]) -> Suggestions:
    """For each organization at most three companies, the best first; ids are unique."""
    ours = sorted(organizations, key=lambda one: one.id)
    theirs = sorted(companies, key=lambda one: one.id)
    names = Names(
        {one.id: Written.of(one.name) for one in ours},
        {one.id: Written.of(one.name, one.identifier) for one in theirs},
    )
    written = tuple(names.companies.values())
    candidates = Candidates(written)
    rarity = Rarity(names.organizations.values(), written)
    suggested, comparisons = [], 0
    for organization in ours:
        name = names.organizations[organization.id]
        compared = candidates.of(name) if name.key else []
        comparisons += len(compared)
        found = [
            Suggestion(theirs[at], evidence)
            for at in compared
            if (evidence := likeness(name, written[at], rarity))
        ]
        suggested.append(Suggested(organization, ranked(organization, found, names)))
    return Suggestions(with_sharers(suggested), look_alikes(ours, names.organizations), comparisons)
