"""How well the suggestions find the right companies of the lines."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.unit.company_names.lines import Line
from tools.operator.suggestions.suggesting import suggest
from tools.operator.suggestions.values import Company, Grade, Organization, Suggested


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was suggested for a line."""

    line: Line
    suggested: Suggested

    @property
    def proposed(self) -> bool:
        """Whether a company was named for a person to confirm: graded likely or exact."""
        return self._at_least(Grade.LIKELY)

    @property
    def right(self) -> bool:
        return self.proposed and self.suggested.suggestions[0].company.name == self.line.company

    @property
    def falsely_exact(self) -> bool:
        return self._at_least(Grade.EXACT) and not self.right

    @property
    def exact(self) -> bool:
        return self._at_least(Grade.EXACT)

    @property
    def shown(self) -> bool:
        """Whether the right company is among all that were named."""
        return any(
            suggestion.company.name == self.line.company
            for suggestion in self.suggested.suggestions
        )

    def _at_least(self, grade: Grade) -> bool:
        return bool(self.suggested.suggestions) and self.suggested.suggestions[0].grade >= grade


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision and recall of the first suggestion, where it is at least likely."""

    pairs: int
    precision: float
    recall: float
    shown: float
    exact: int
    falsely_exact: int


def figures_of(outcomes: Sequence[Outcome]) -> Figures:
    proposed = sum(outcome.proposed for outcome in outcomes)
    right = sum(outcome.right for outcome in outcomes)
    there = sum(bool(outcome.line.company) for outcome in outcomes)
    return Figures(
        pairs=len(outcomes),
        precision=right / proposed,
        recall=right / there,
        shown=sum(outcome.shown for outcome in outcomes) / there,
        exact=sum(outcome.exact for outcome in outcomes),
        falsely_exact=sum(outcome.falsely_exact for outcome in outcomes),
    )


def together(lines: Sequence[Line]) -> list[Outcome]:
    """As if all lines were one MSP's: there is more to be taken for another."""
    organizations = [Organization(at, line.organization) for at, line in enumerate(lines, 1)]
    return [
        Outcome(line, suggested)
        for line, suggested in zip(lines, suggest(organizations, companies_of(lines)), strict=True)
    ]


def one_by_one(lines: Sequence[Line]) -> list[Outcome]:
    """As if each line were an MSP of its own: every word is unique."""
    return [outcome for line in lines for outcome in together([line])]


def companies_of(lines: Iterable[Line]) -> list[Company]:
    """The right companies and those beside them, each once."""
    named = {(line.company, line.identifier): None for line in lines if line.company} | {
        beside: None for line in lines for beside in _beside(line)
    }
    return [Company(at, name, identifier) for at, (name, identifier) in enumerate(named, 1)]


def _beside(line: Line) -> list[tuple[str, str]]:
    return re.findall(r"\s*(.+?) \[(\w+)\](?:;|$)", line.others)
