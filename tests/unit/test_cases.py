"""Golden cases: the month of `input.toml` gives exactly `plan.txt`, or its runs `statement.txt`."""

import difflib
import re
from pathlib import Path

import pytest

from billing_sync.domain.planning.make_plan import make_plan
from tests.unit.case_files import CaseFile, read_case
from tests.unit.plan_text import plan_text
from tests.unit.statement_files import StatementFile
from tests.unit.statement_text import statements_text

FOLDER = Path(__file__).parents[1] / "cases"
CASES = sorted(path.parent for path in FOLDER.rglob("input.toml"))


def name_of(case: Path) -> str:
    """The case by its topic, as it is cited and selected."""
    return case.relative_to(FOLDER).as_posix()


def expected_file(case: Path) -> Path:
    """A case of runs ends in statements, the others in one plan."""
    return case / ("statement.txt" if case.parent.name == "statements" else "plan.txt")


def text_of(case: Path) -> str:
    raw = read_case(case / "input.toml")
    if "run" in raw:
        return statements_text(StatementFile(raw).statements())
    plan = make_plan(CaseFile(raw).inputs())
    return plan_text(plan, plan.tie_out)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_ends_as_expected(case: Path, *, regenerate: bool):
    file, got = expected_file(case), text_of(case)
    if regenerate:
        file.write_text(got)
    expected = file.read_text()

    if got != expected:
        lines = difflib.unified_diff(
            expected.splitlines(), got.splitlines(), file.name, "the result", lineterm="", n=99
        )
        pytest.fail("\n".join(lines), pytrace=False)


def test_every_case_is_in_a_topic_that_the_readme_explains():
    readme = (FOLDER / "README.md").read_text()
    topics = re.findall(r"^\| `(\w+)/` \| .+ \|$", readme, flags=re.MULTILINE)

    assert sorted(topics) == sorted({case.parent.name for case in CASES})
    assert {case.parent.parent for case in CASES} == {FOLDER}
    assert len({case.name for case in CASES}) == len(CASES) >= 96
