"""The catalogue of faults names a test for each, and each fault that is tested is in it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from tests.reliability.faults import Trouble

TESTS = Path(__file__).parents[1]
CATALOGUE = TESTS.parent / "docs" / "faults.md"
CITED = re.compile(r"`(?P<file>\S+\.py)::(?P<test>test_\w+)(?:\[(?P<id>[^\]]+)\])?`")
MODULES = sorted(TESTS.glob("reliability/test_*_faults.py"))


def rows() -> list[list[str]]:
    """The cells of every row of every table, headings left out."""
    lines = [line for line in CATALOGUE.read_text().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return [row for row in cells if row[-1] not in {"shown by", "---"}]


def cited() -> Iterator[re.Match[str]]:
    return (match for row in rows() for match in CITED.finditer(row[-1]))


@cache
def names_in(file: Path) -> frozenset[str]:
    functions = [node for node in ast.walk(ast.parse(file.read_text())) if hasattr(node, "name")]
    return frozenset(node.name for node in functions)


def faults_in(file: Path) -> set[str]:
    """The names of all troubles that a module lists."""
    module = import_module(f"tests.reliability.{file.stem}")
    listed = [each for each in vars(module).values() if isinstance(each, tuple)]
    return {trouble.name for each in listed for trouble in each if isinstance(trouble, Trouble)}


def test_the_catalogue_has_at_least_sixty_faults_each_told_and_shown_in_one_row() -> None:
    assert len(rows()) >= 60
    assert [row for row in rows() if len(row) != 3 or not CITED.search(row[-1])] == []
    assert [row for row in rows() if len(row[1].split()) > 20] == []


def test_no_fault_is_in_the_catalogue_twice() -> None:
    citations = Counter(match[0] for match in cited() if match["id"])
    assert [each for each, times in citations.items() if times > 1] == []


def test_every_test_that_the_catalogue_cites_exists() -> None:
    missing = [m[0] for m in cited() if m["test"] not in names_in(TESTS / m["file"])]
    assert missing == []


def test_every_fault_that_is_tested_is_in_the_catalogue_and_the_other_way_round() -> None:
    for file in MODULES:
        name = str(file.relative_to(TESTS))
        listed = {match["id"] for match in cited() if match["file"] == name} - {None}
        assert listed == faults_in(file), name
