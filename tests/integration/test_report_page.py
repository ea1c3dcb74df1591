"""The report as a page: all of the run, readable without anything else, whatever names hold."""

import hashlib
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.proof import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_ORGANIZATION,
    XENON,
    XENON_EDR,
    XENON_ORGANIZATION,
)

pytestmark = pytest.mark.companies(ALDER, XENON)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


class Page(HTMLParser):
    """What a browser sees: tags, attributes, text, and the text of each element by its tag."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.text: list[str] = []
        self.within: dict[str, list[str]] = {}
        self._tag = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._tag = tag
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        self.within.setdefault(self._tag, []).append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


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
    assert "Xenon Labs (262) edr" in page.words and "20 → 200 +630.00 Monthly" in page.words
    assert "200 agents" in page.words and "rises by more than 50 %" in page.words
    assert "counted by Huntress 225" in page.words and "sum 225" in page.words
    assert "needs a decision 200 units" in page.words
    assert run.plan_hash in page.words and "2 of 2 companies read" in page.words
    assert '{"action": "release", "run_id": "000001-sync"' in page.words
    assert "Huntress invoiced" in page.words


def test_names_are_text_and_the_page_runs_and_loads_nothing(stack: LocalStack) -> None:
    for organization in (ALDER_ORGANIZATION, XENON_ORGANIZATION):
        stack.huntress.state.organizations[organization]["name"] = HOSTILE
    for company in (ALDER, XENON):
        stack.connectwise.state.companies[company]["name"] = HOSTILE
    for agreement in stack.connectwise.state.agreements.values():
        agreement["name"] = agreement["company"]["name"] = HOSTILE
    stack.sync()

    page = page_of(stack)

    assert HOSTILE in page.words
    assert not page.tags & {"script", "img", "link", "iframe", "a", "object", "form", "base"}
    assert page.attributes.keys() == {"lang", "charset", "content", "http-equiv", "name", "class"}
    (style,) = page.within["style"]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert policy in page.attributes["content"] and "url(" not in style and "@import" not in style


def test_a_forecast_has_its_own_part_of_the_page(stack: LocalStack) -> None:
    stack.sync()
    usage = {"billable_agents_count": 31, "unresponsive_agents_count": 2}
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": usage})

    told = stack.ask({"action": "forecast"})

    page = page_of(stack, told["run_id"])
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
