"""The suggestions against `tests/cases/company_names`: how many are right, none wrongly exact."""

import pytest

from tests.unit.company_names.figures import figures_of, one_by_one, together
from tests.unit.company_names.lines import read

WORLDS = pytest.mark.parametrize("world", [together, one_by_one], ids=lambda world: world.__name__)
FILES = pytest.mark.parametrize("file", ["seen", "unseen"])


@FILES
@WORLDS
def test_no_wrong_company_may_be_accepted_in_bulk(file: str, world):
    outcomes = world(read(file))

    assert [outcome.line for outcome in outcomes if outcome.falsely_exact] == []
    assert sum(outcome.exact for outcome in outcomes) >= 35


@FILES
@WORLDS
def test_companies_named_as_likely_are_mostly_right_and_mostly_there(file: str, world):
    figures = figures_of(world(read(file)))

    assert figures.precision >= 0.95
    assert figures.recall >= 0.90
    assert figures.shown >= 0.95


def test_there_are_hundreds_of_lines_and_the_files_share_none():
    seen, unseen = ({line.organization for line in read(file)} for file in ("seen", "unseen"))

    assert len(seen) + len(unseen) >= 300
    assert not seen & unseen
