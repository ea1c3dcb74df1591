"""Plan cases: the usage, mappings and agreements of `input.toml` give exactly `plan.txt`."""

import difflib
import re
from pathlib import Path

import pytest

from billing_sync.domain.planning.make_plan import make_plan
from tests.unit.case_files import CaseFile
from tests.unit.plan_text import plan_text

FOLDER = Path(__file__).parents[1] / "cases"
CASES = sorted(path.parent for path in FOLDER.rglob("input.toml"))


def name_of(case: Path) -> str:
    """The case by its topic, as it is cited and selected."""
    return case.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_plan_of_a_case_is_the_expected_one(case: Path, *, regenerate: bool):
    plan = make_plan(CaseFile(case / "input.toml").inputs())

    file, got = case / "plan.txt", plan_text(plan, plan.tie_out)
    if regenerate:
        file.write_text(got)
    expected = file.read_text()

    if got != expected:
        lines = difflib.unified_diff(
            expected.splitlines(), got.splitlines(), "plan.txt", "the plan made", lineterm="", n=99
        )
        pytest.fail("\n".join(lines), pytrace=False)


def test_every_case_is_in_a_topic_that_the_readme_explains():
    readme = (FOLDER / "README.md").read_text()
    topics = re.findall(r"^\| `(\w+)/` \| .+ \|$", readme, flags=re.MULTILINE)

    assert sorted(topics) == sorted({case.parent.name for case in CASES})
    assert {case.parent.parent for case in CASES} == {FOLDER}
    assert len({case.name for case in CASES}) == len(CASES) >= 96
