"""The report as a page and a download, of runs that really ran."""

from pathlib import Path

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_ORGANIZATION, XENON, XENON_EDR
from tests.unit.page import Page

pytestmark = pytest.mark.companies(ALDER, XENON)


def page_of(stack: LocalStack, run_id: str = "") -> Page:
    return Page(stack.report(run_id or stack.newest().id, "report.html"))


def test_the_page_tells_the_fact_every_row_and_where_each_unit_ended(stack: LocalStack) -> None:
    stack.sync()
    run = ended(stack)

    page = page_of(stack)

    assert page.within["h1"] == ["WROTE 2 quantities: held, 1 held"]
    assert page.within["h3"] == ["held: 1", "updated: 2", "unchanged: 5"]
    for state in stack.runs.rows(run):
        assert f"addition {state.row.addition_id}" in page.words
    assert "Xenon Labs (262) edr" in page.words and "20 → 200 +630.00 USD Monthly" in page.words
    assert "200 agents" in page.words and "rises by more than 50 %" in page.words
    assert "counted by Huntress 225" in page.words and "sum 225" in page.words
    assert "needs review 200 units" in page.words
    assert run.plan_hash in page.words and "2 of 2 companies read" in page.words
    assert '{"action": "release", "run_id": "000001-sync"' in page.words
    assert "Huntress invoiced" in page.words


def test_a_forecast_has_its_own_part_of_the_page(stack: LocalStack) -> None:
    stack.sync()
    usage = {"billable_agents_count": 31, "unresponsive_agents_count": 2}
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": usage})

    answer = stack.ask({"action": "forecast"})

    page = page_of(stack, answer["run_id"])
    assert "What the next invoice would bring" in page.within["h2"]
    assert "Alder & Finch Accountants edr 25 31 6 25 → 31 +21.00" in page.words
    assert "Agents to look at before the next invoice" in page.within["h2"]


def test_the_command_downloads_the_report(
    stack: LocalStack, operator: OperatorLine, tmp_path: Path
) -> None:
    stack.sync()
    run = ended(stack)

    shown = operator("report", run.id, "--folder", str(tmp_path / "here"))

    names = ["report.html", "rows.csv", "run.json"]
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [str(tmp_path / "here" / name) for name in names]
    for name in names:
        assert (tmp_path / "here" / name).read_bytes().decode() == stack.report(run.id, name)


def test_a_run_without_a_report_is_told_so(
    stack: LocalStack, operator: OperatorLine, tmp_path: Path
) -> None:
    stack.plan()
    folder = tmp_path / "here"

    shown = operator("report", "--folder", str(folder))

    assert (shown.exit_code, shown.stdout) == (1, "") and not folder.exists()
    assert "run 000001-sync is still applying; its report is written when it" in shown.stderr
    assert stack.quantity(XENON_EDR) == 20.0
