"""Which of the companies found for an organization come first, and how far the first is trusted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tools.operator.suggestions.values import Grade, Organization, Suggestion
from tools.operator.suggestions.written import Written

_MOST = 3
_CLEARLY = 5  # points of confidence by which the first must lead


class Names:
    """All names by id, and who is called what."""

    def __init__(
        self, organizations: Mapping[int, Written], companies: Mapping[int, Written]
    ) -> None:
        self.organizations = organizations
        self.companies = companies
        self._organizations_called = _called(organizations)
        self._companies_called = _called(companies)

    def only_these(self, organization: int, company: int) -> bool:
        """Whether nobody else, on either side, is called what one of the two is called."""
        ways = self.organizations[organization].ways() | self.companies[company].ways()
        return all(
            self._organizations_called.get(way, set()) <= {organization}
            and self._companies_called.get(way, set()) <= {company}
            for way in ways
        )


def _called(names: Mapping[int, Written]) -> dict[str, set[int]]:
    called: dict[str, set[int]] = defaultdict(set)
    for one, name in names.items():
        for way in name.ways():
            called[way].add(one)
    return dict(called)


def ranked(
    organization: Organization, found: Sequence[Suggestion], names: Names
) -> tuple[Suggestion, ...]:
    """The best of what was found, the first graded by how clearly it is the first."""
    key = names.organizations[organization.id].key
    same = [one for one in found if names.companies[one.company.id].key == key]
    others = sorted((one for one in found if one not in same), key=weight)
    best = [*_of_one_name(organization, same, names), *others] if same else _led_clearly(others)
    return tuple(best[:1] + [_at_most_possible(one) for one in best[1:_MOST]])


def weight(suggestion: Suggestion) -> tuple[int, int, int, int]:
    """Sorts the best first."""
    evidence = suggestion.evidence
    return (-evidence.grade, -evidence.confidence, -evidence.alike, suggestion.company.id)


def regraded(suggestion: Suggestion, grade: Grade, confidence: int, why: str = "") -> Suggestion:
    """The suggestion with another grade and at most this confidence, and why."""
    evidence = suggestion.evidence
    confidence = min(confidence, evidence.confidence)
    reason = evidence.reason + why
    return replace(
        suggestion, evidence=replace(evidence, grade=grade, confidence=confidence, reason=reason)
    )


def _at_most_possible(suggestion: Suggestion) -> Suggestion:
    return regraded(suggestion, min(suggestion.grade, Grade.POSSIBLE), 65)


def _of_one_name(
    organization: Organization, same: Sequence[Suggestion], names: Names
) -> list[Suggestion]:
    """Companies of the organization's very name: one, or several of which it may write one."""
    if len(same) == 1:
        if names.only_these(organization.id, same[0].company.id):
            return [regraded(same[0], Grade.EXACT, 100)]
        return [regraded(same[0], Grade.LIKELY, 97, "; others are called so too")]
    why = "; companies " + ", ".join(str(one.company.id) for one in same) + " have this name"
    written = organization.name.strip().casefold()
    literally = [one for one in same if one.company.name.strip().casefold() == written]
    told = [
        regraded(one, Grade.LIKELY, 90, f"{why}, this one to the letter")
        if literally == [one]
        else regraded(one, Grade.POSSIBLE, 60, why)
        for one in same
    ]
    return sorted(told, key=weight)


def _led_clearly(found: Sequence[Suggestion]) -> list[Suggestion]:
    """No first place without a lead."""
    if len(found) < 2:
        return list(found)
    first, second = found[0], found[1]
    lead = first.evidence.confidence - second.evidence.confidence
    if first.grade is Grade.LIKELY and second.grade is Grade.LIKELY and lead < _CLEARLY:
        why = f"; '{second.company.name}' fits as well"
        return [regraded(first, Grade.POSSIBLE, 65, why), *found[1:]]
    if first.grade is Grade.POSSIBLE:
        return [
            regraded(first, Grade.POSSIBLE, 70, f", next best {second.evidence.alike} %"),
            *found[1:],
        ]
    return list(found)
