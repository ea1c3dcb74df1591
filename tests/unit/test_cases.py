"""Golden pairs: the usage, mappings and agreements of `input.toml` must give exactly `plan.txt`."""

import difflib
from pathlib import Path

import pytest

from billing_sync.domain.planning.make_plan import make_plan
from tests.unit.case_files import CaseFile
from tests.unit.plan_text import plan_text

CASES = sorted(path.parent for path in (Path(__file__).parents[1] / "cases").glob("*/input.toml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_plan_of_a_case_is_the_one_written_down(case: Path):
    inputs = CaseFile(case / "input.toml").inputs()
    plan = make_plan(inputs)

    expected, got = (case / "plan.txt").read_text(), plan_text(plan, plan.tie_out)

    if got != expected:
        lines = difflib.unified_diff(
            expected.splitlines(), got.splitlines(), "plan.txt", "the plan made", lineterm="", n=99
        )
        pytest.fail("\n".join(lines), pytrace=False)


def test_the_cases_are_found():
    assert len(CASES) >= 45
