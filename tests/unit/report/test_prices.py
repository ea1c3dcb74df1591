"""Money rests on prices that a ConnectWise Pricing Schedule can change: each page says so once."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from billing_sync.adapters.report.page import report_page
from billing_sync.domain.wording import PRICES
from tests.unit.builders import a_row
from tests.unit.ended_runs import a_document
from tools.operator.runs.rows_view import show_company
from tools.operator.runs.view import show_run
from tools.operator.runs.written_view import show_planned_writes

MAILS = sorted((Path(__file__).parents[2] / "contracts" / "golden" / "mail").glob("*.txt"))


def printed(show: Callable[[Console, Mapping[str, Any]], None]) -> str:
    console = Console(width=400, file=io.StringIO(), record=True)
    show(console, a_document([a_row()]))
    return console.export_text()


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_a_mail_that_shows_money_says_whose_prices_it_rests_on_once(mail: Path):
    text = mail.read_text()

    assert text.count(PRICES) == (" USD" in text)


def test_the_report_of_a_run_says_whose_prices_its_money_rests_on_once():
    assert report_page(a_document([a_row()])).count(PRICES) == 1


def test_the_run_on_a_terminal_says_whose_prices_its_money_rests_on_once():
    assert printed(show_run).count(PRICES) == 1


def test_a_companys_rows_on_a_terminal_say_whose_prices_their_money_rests_on_once():
    assert printed(lambda console, run: show_company(console, run["rows"] * 2)).count(PRICES) == 1


def test_before_a_release_it_is_said_whose_prices_the_sum_rests_on(
    capsys: pytest.CaptureFixture[str],
):
    show_planned_writes(a_document([a_row()])["rows"], title="To be released")

    assert " ".join(capsys.readouterr().out.split()).count(PRICES) == 1
