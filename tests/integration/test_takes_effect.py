"""Each row says on which invoice the client sees it, as ConnectWise gives that date."""

import csv
import io
from typing import Any

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, XENON, XENON_EDR

DAY = 24 * 3600
NEXT = "on the invoice of 2026-07-26"
pytestmark = pytest.mark.companies(ALDER, XENON)


def told(stack: LocalStack, run_id: str) -> dict[int, str]:
    """By addition, as the table for spreadsheets has it."""
    rows = csv.DictReader(io.StringIO(stack.report(run_id, "rows.csv")))
    return {int(row["addition"]): row["takes_effect"] for row in rows if row["addition"]}


def test_what_is_written_or_held_names_the_next_invoice_and_what_stays_names_none(
    stack: LocalStack,
) -> None:
    stack.sync()
    run = ended(stack)

    when = told(stack, run.id)

    assert (when[ALDER_EDR], when[XENON_EDR]) == (NEXT, NEXT)
    unchanged = [s.row.addition_id for s in stack.runs.rows(run) if s.row.outcome == "unchanged"]
    assert unchanged and {when[one] for one in unchanged if one} == {""}


def test_a_copied_row_is_dated_anew_and_a_date_that_passed_is_not_repeated(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    run = ended(stack)
    undo = {"action": "undo", "run_id": run.id, "by": "Ann"}
    (shown, *_) = stack.ask({**undo, "preview": True})["rows"]
    assert shown["takes_effect"] == NEXT

    clock.shift(13 * DAY)

    assert {row["takes_effect"] for row in stack.ask(undo)["rows"]} == {""}
