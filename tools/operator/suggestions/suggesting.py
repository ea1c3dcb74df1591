"""Suggests companies for organizations, by their names. Applies nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from tools.operator.suggestions.names import Name
from tools.operator.suggestions.spelling import extends, respelled
from tools.operator.suggestions.values import (
    Company,
    Evidence,
    Grade,
    Organization,
    Suggested,
    Suggestion,
)

_MOST = 3
_ALIKE_FROM = 65  # percent
_COMPARED = 10  # of the companies whose words are alike, for each organization
_CLEARLY = 5  # points of confidence by which the first must lead
_CERTAIN = 84  # likely from here on, although another organization leads to the same company


def suggest(
    organizations: Iterable[Organization], companies: Iterable[Company]
) -> tuple[Suggested, ...]:
    """For each organization by id at most three companies, the best first; ids are unique."""
    organizations_by_id = {
        each.id: each for each in sorted(organizations, key=lambda each: each.id)
    }
    companies_by_id = {each.id: each for each in sorted(companies, key=lambda each: each.id)}
    names = _Names(
        {each.id: Name.of(each.name) for each in organizations_by_id.values()},
        {each.id: Name.of(each.name, each.identifier) for each in companies_by_id.values()},
    )
    suggested = []
    for organization in organizations_by_id.values():
        found = names.companies_for(organization.id)
        suggestions = [Suggestion(companies_by_id[company], found[company]) for company in found]
        suggested.append(Suggested(organization, _ranked(suggestions)))
    return _with_sharers(suggested)


class _Names:
    """All names by id, and the ids by what they are called."""

    def __init__(self, organizations: dict[int, Name], companies: dict[int, Name]) -> None:
        self.organizations, self.companies = organizations, companies
        self._keys = {company: name.key for company, name in companies.items() if name.key}
        self._same = _index((company, [key]) for company, key in self._keys.items())
        self._organizations_called = _index((at, each.called) for at, each in organizations.items())
        self._companies_called = _index((at, each.called) for at, each in companies.items())
        self._full = _index((at, each.full) for at, each in companies.items())
        self._short = _index((at, each.short) for at, each in companies.items())

    def companies_for(self, organization: int) -> dict[int, Evidence]:
        """The companies of the organization's name or one like it, each with the best reason."""
        name = self.organizations[organization]
        same = self._same.get(name.key, set())
        found: dict[int, Evidence] = {}
        matches = [*self._by_writing(name), *([] if same else self._by_likeness(name))]
        for company, evidence in matches:
            found[company] = max(found.get(company, evidence), evidence, key=_weight)
        return found | {company: self._same_name(organization, company) for company in same}

    def _by_writing(self, name: Name) -> Iterator[tuple[int, Evidence]]:
        for writing, evidence in name.full.items():
            for company in self._full.get(writing, ()):
                yield company, min(evidence, self.companies[company].full[writing], key=_weight)
            for company in self._short.get(writing, ()):
                yield company, self.companies[company].short[writing]
        for writing, evidence in name.short.items():
            for company in self._full.get(writing, ()):
                yield company, evidence

    def _by_likeness(self, name: Name) -> Iterator[tuple[int, Evidence]]:
        alike = process.extract(
            name.key,
            self._keys,
            scorer=fuzz.token_set_ratio,
            limit=_COMPARED,
            score_cutoff=_ALIKE_FROM,
        )
        for key, _, company in alike:
            words = name.words, self.companies[company].words
            short, long = sorted(words, key=len)
            percent = round(fuzz.token_sort_ratio(name.key, key))
            reason = f"{percent} % alike"
            yield company, Evidence(Grade.POSSIBLE, max(1, percent * 2 // 3), reason)
            if pairs := respelled(*words):
                reason = ", ".join(f"'{left}' for '{right}'" for left, right in pairs)
                yield company, Evidence(Grade.LIKELY, 88, reason)
            elif extends(short, long):
                reason = f"all words of '{' '.join(short)}' are in '{' '.join(long)}'"
                yield company, Evidence(Grade.LIKELY, 76, reason)

    def _same_name(self, organization: int, company: int) -> Evidence:
        """Exact if no other organization or company is called so; else likely."""
        organization_name, company_name = self.organizations[organization], self.companies[company]
        to_the_letter = organization_name.raw.casefold() == company_name.raw.casefold()
        reason = "same name"
        if organization_name.raw != company_name.raw:
            but_for = "legal form, punctuation, accents or a customary abbreviation"
            reason += f" but for {'capitals' if to_the_letter else but_for}"
        if all(
            self._organizations_called.get(called, {organization}) == {organization}
            and self._companies_called.get(called, {company}) == {company}
            for called in organization_name.called | company_name.called
        ):
            return Evidence(Grade.EXACT, 100, reason)
        return Evidence(Grade.LIKELY, 100 if to_the_letter else 95, f"{reason}; others have it too")


def _index(called: Iterable[tuple[int, Iterable[str]]]) -> dict[str, set[int]]:
    index: dict[str, set[int]] = defaultdict(set)
    for at, writings in called:
        for writing in writings:
            index[writing].add(at)
    return dict(index)


def _weight(evidence: Evidence) -> tuple[int, int]:
    return evidence.grade, evidence.confidence


def _ranked(found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The best, of which only the first may be above possible, and only with a clear lead."""
    best = sorted(found, key=lambda each: (*(-n for n in _weight(each.evidence)), each.company.id))
    likely = [each for each in best[:2] if each.grade is Grade.LIKELY]
    if len(likely) > 1 and _lead(*likely) < _CLEARLY:
        best[0] = _at_most_possible(best[0], f"; '{best[1].company.name}' fits as well")
    return (*best[:1], *map(_at_most_possible, best[1:_MOST]))


def _lead(first: Suggestion, second: Suggestion) -> int:
    return first.evidence.confidence - second.evidence.confidence


def _at_most_possible(suggestion: Suggestion, why: str = "") -> Suggestion:
    evidence = suggestion.evidence
    confidence = min(evidence.confidence, 65)
    reason = evidence.reason + why
    return replace(suggestion, evidence=Evidence(Grade.POSSIBLE, confidence, reason))


def _with_sharers(suggested: Sequence[Suggested]) -> tuple[Suggested, ...]:
    """Note where several organizations lead to one company.

    A business may well have several organizations. If an organization fits only by a part of its
    name, and another fits no worse, it is no more than possible.
    """
    leading: dict[int, list[Suggested]] = defaultdict(list)
    for each in suggested:
        if each.suggestions and each.suggestions[0].grade >= Grade.LIKELY:
            leading[each.suggestions[0].company.id].append(each)
    return tuple(
        _beside(each, leading[each.suggestions[0].company.id]) if each.suggestions else each
        for each in suggested
    )


def _beside(suggested: Suggested, sharers: Sequence[Suggested]) -> Suggested:
    first, *rest = suggested.suggestions
    others = [other for other in sharers if other is not suggested]
    if not others or first.grade is not Grade.LIKELY:
        return suggested
    best = max(others, key=lambda other: other.suggestions[0].evidence.confidence)
    confidence = first.evidence.confidence
    if confidence >= _CERTAIN or confidence > best.suggestions[0].evidence.confidence:
        why = f"; organization '{best.organization.name}' leads there too"
        evidence = replace(first.evidence, reason=first.evidence.reason + why)
        first = replace(first, evidence=evidence)
    else:
        why = f"; but organization '{best.organization.name}' fits it no worse"
        first = _at_most_possible(first, why)
    return replace(suggested, suggestions=(first, *rest))
