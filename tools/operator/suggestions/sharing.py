"""Organizations that share a company, and organizations of one name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tools.operator.suggestions.choosing import regraded
from tools.operator.suggestions.likeness import KIN
from tools.operator.suggestions.values import Grade, Organization, Suggested
from tools.operator.suggestions.written import Written


def with_sharers(suggested: Sequence[Suggested]) -> tuple[Suggested, ...]:
    """Says where several organizations lead to one company.

    A business may well have several organizations. One that fits another organization's company by
    a word only is no more than possible.
    """
    leading: dict[int, list[Suggested]] = defaultdict(list)
    for one in suggested:
        if one.suggestions and one.suggestions[0].grade >= Grade.LIKELY:
            leading[one.suggestions[0].company.id].append(one)
    return tuple(
        _among(one, leading[one.suggestions[0].company.id]) if one.suggestions else one
        for one in suggested
    )


def look_alikes(
    organizations: Iterable[Organization], names: Mapping[int, Written]
) -> tuple[tuple[Organization, ...], ...]:
    """Organizations that have one name, together."""
    named: dict[str, list[Organization]] = defaultdict(list)
    for organization in organizations:
        named[names[organization.id].key].append(organization)
    return tuple(tuple(same) for key, same in named.items() if key and len(same) > 1)


def _among(one: Suggested, sharers: Sequence[Suggested]) -> Suggested:
    others = [other for other in sharers if other is not one]
    first, *rest = one.suggestions
    if not others or first.grade is not Grade.LIKELY:
        return one
    best = max(others, key=lambda other: other.suggestions[0].evidence.confidence)
    confidence = first.evidence.confidence
    if confidence >= KIN or confidence > best.suggestions[0].evidence.confidence:
        told = f"; organization '{best.organization.name}' leads there too"
        first = regraded(first, Grade.LIKELY, confidence, told)
    else:
        told = f"; but organization '{best.organization.name}' fits it no worse"
        first = regraded(first, Grade.POSSIBLE, 65, told)
    return replace(one, suggestions=(first, *rest))
