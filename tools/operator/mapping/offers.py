"""What is suggested for the unmapped organizations, the most expensive one first."""

from dataclasses import dataclass

from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.overview import Overview, Standing, State
from tools.operator.suggestions.suggesting import suggest
from tools.operator.suggestions.values import Company, Grade, Organization, Suggestion


@dataclass(frozen=True, slots=True)
class Offer:
    """An unmapped organization and the companies it may be; `exact` may be accepted in bulk.

    `notes` are what a person should know before accepting, in the order of the suggestions.
    """

    standing: Standing
    suggestions: tuple[Suggestion, ...]
    notes: tuple[str, ...]
    exact: bool

    @property
    def id(self) -> int:
        """The organization's id."""
        return self.standing.organization_id

    @property
    def name(self) -> str:
        """The organization's name."""
        return self.standing.organization

    def title(self) -> str:
        """The organization with what it uses."""
        return f"{self.name} (id {self.id}), uses {self.standing.used}"

    def line(self, company_id: int, seen: Overview) -> Line:
        """The mapping to a company."""
        company = (seen.lists.companies or {})[company_id]
        return Line(Kind.ORGANIZATION, self.id, self.name, company_id, company.name)


def offers(seen: Overview) -> tuple[Offer, ...]:
    """One for each unmapped organization; the names of all others are weighed too."""
    organizations, companies = seen.lists.organizations or {}, seen.lists.companies or {}
    found = suggest(
        [
            Organization(organization.id, organization.name)
            for organization in organizations.values()
        ],
        [Company(company.id, company.name, company.identifier) for company in companies.values()],
    )
    by_id = {suggested.organization.id: suggested.suggestions for suggested in found}
    return tuple(
        _offer(standing, by_id[standing.organization_id], seen)
        for standing in seen.of(State.UNMAPPED)
    )


def _offer(standing: Standing, suggestions: tuple[Suggestion, ...], seen: Overview) -> Offer:
    notes = tuple(_note(suggestion.company.id, seen) for suggestion in suggestions)
    exact = bool(suggestions) and suggestions[0].grade is Grade.EXACT and not notes[0]
    return Offer(standing, suggestions, notes, exact)


def _note(company_id: int, seen: Overview) -> str:
    """What a person should check: other organizations there, or no agreement to bill on."""
    names = [
        mapping.organization_name or str(mapping.organization_id)
        for mapping in seen.table.of(company_id)
    ]
    notes = [f"already billed there: {', '.join(names[:3])}"] if names else []
    company = (seen.lists.companies or {})[company_id]
    if not company.active:
        notes.append(f"{company.name} exists, but has no Active agreement")
    elif not company.usable:
        notes.append("none of its agreements takes a quantity now")
    return "; ".join(notes)
