"""The lines of `tests/cases/company_names`, and as many names as a large MSP has."""

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tools.operator.suggestions.values import Company, Organization

FILES = Path(__file__).parents[2] / "cases" / "company_names"


@dataclass(frozen=True, slots=True)
class Line:
    """An organization, its right company (empty: it has none) and companies beside it."""

    kind: str
    organization: str
    company: str = ""
    identifier: str = ""
    others: str = ""  # "name [IDENTIFIER]; name [IDENTIFIER]"


def read(file: str) -> tuple[Line, ...]:
    """All lines of `seen` or `unseen`."""
    with (FILES / f"{file}.csv").open(encoding="utf-8", newline="") as text:
        return tuple(Line(**row) for row in csv.DictReader(text))


def many(count: int) -> tuple[list[Organization], list[Company]]:
    """Organizations and their companies of the same id, made of the words of both files."""
    chance = Random(count)
    lines = [*read("seen"), *read("unseen")]
    words = sorted({word for line in lines for word in line.organization.split() if word.isalpha()})
    names = sorted({" ".join(chance.sample(words, 3)) for _ in range(2 * count)})[:count]
    endings = ("", " LLC", " Inc.", " Group", " - Denver")
    return (
        [Organization(at, name + chance.choice(endings)) for at, name in enumerate(names)],
        [Company(at, name, name.upper().replace(" ", "")[:25]) for at, name in enumerate(names)],
    )
