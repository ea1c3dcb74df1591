"""What is compared, and the result."""

from dataclasses import dataclass
from enum import IntEnum


class Grade(IntEnum):
    """How far a suggestion may be trusted; the greater the further."""

    POSSIBLE = 1  # a person decides, and finds out first
    LIKELY = 2  # a person looks and confirms
    EXACT = 3  # may be accepted in bulk: one name, one organization, one company


@dataclass(frozen=True, slots=True)
class Organization:
    """A Huntress organization."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Company:
    """A ConnectWise company."""

    id: int
    name: str
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an organization may be a company.

    `confidence` is 0-100, `reason` is words for a person.
    """

    grade: Grade
    confidence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A company that an organization may be."""

    company: Company
    evidence: Evidence

    @property
    def grade(self) -> Grade:
        """How far it may be trusted."""
        return self.evidence.grade


@dataclass(frozen=True, slots=True)
class Suggested:
    """An organization with its suggestions, the best first: only that one may be above possible.

    None is an answer too.
    """

    organization: Organization
    suggestions: tuple[Suggestion, ...]
