"""Is this invoice done? The statement says so, and a run says what became of its rows."""

from typing import Any

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.small_world import XENON, XENON_EDR

pytestmark = pytest.mark.companies(XENON)
INVOICES = {"action": "invoices"}
INVOICE = {**INVOICES, "invoice_id": 5003}


def units(answer: dict[str, Any]) -> dict[str, int]:
    return {name: status["units"] for name, status in answer["statuses"].items()}


def release_of(stack: LocalStack, run_id: str) -> dict[str, Any]:
    shown = stack.press({"action": "show", "run_id": run_id})
    (event,) = (step["event"] for step in shown["next"] if "held" in step["do"])
    return {**event, "by": "Ann"}


def test_an_invoice_is_open_until_its_held_rows_are_released_and_then_done(
    stack: LocalStack,
) -> None:
    stack.sync()
    opened = stack.press(INVOICE)
    assert opened["state"] == "open" and opened["result"].startswith("OPEN: invoice 5003, 200 of")
    assert units(opened) == {"needs review": 200, "billed correctly": 45}
    assert [each["who"] for each in opened["waits_for"]] == ["Xenon Labs"]
    (release,) = (step["event"] for step in opened["next"])

    stack.ask({**release, "by": "Ann"})

    done = stack.press(INVOICE)
    assert done["result"] == "DONE: invoice 5003, all 245 units accounted for"
    assert (done["waits_for"], done["next"], units(done)) == ([], [], {"billed correctly": 245})
    assert [run["mode"] for run in done["runs"]] == ["sync", "release"]
    assert stack.press(INVOICES)["result"] == "3 invoices, newest first: 0 open"


def test_a_released_run_says_so_and_offers_nothing_that_would_be_refused(stack: LocalStack) -> None:
    stack.sync()
    sync = stack.newest().id
    stack.ask(release_of(stack, sync))

    shown = stack.press({"action": "show", "run_id": sync})

    assert shown["result"].endswith("; since then 1 released by 000002-release")
    (row,) = (row for row in shown["rows"] if row["addition"] == XENON_EDR)
    assert row["since"] == "released by 000002-release"
    assert not [step for step in shown["next"] if step["event"]["action"] == "release"]


def test_a_held_row_that_a_newer_sync_planned_is_superseded_by_it(stack: LocalStack) -> None:
    stack.sync()
    first = stack.newest().id
    stack.ask({})

    shown = stack.press({"action": "show", "run_id": first})

    (row,) = (row for row in shown["rows"] if row["addition"] == XENON_EDR)
    assert row["since"] == f"superseded by {stack.newest().id}"
    assert not [step for step in shown["next"] if step.get("event", {}).get("action") == "release"]


def test_a_plan_that_is_too_old_to_be_released_is_not_offered(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    clock.shift(8 * 24 * 3600)

    for answer in (stack.press(INVOICE), stack.press({"action": "show"})):
        assert not [step for step in answer["next"] if step["event"].get("action") == "release"]
    shown = stack.press({"action": "show", "run_id": stack.newest().id})
    assert any("too old" in step["do"] for step in shown["next"])


def test_an_undone_invoice_is_open_again_and_says_by_which_run(stack: LocalStack) -> None:
    stack.sync()
    stack.ask({"action": "undo", "run_id": stack.newest().id, "by": "Ann"})

    answer = stack.press(INVOICE)

    assert "undone by run 000002-undo" in [each["message"] for each in answer["waits_for"]]
    assert units(answer) == {"needs review": 222, "billed correctly": 23}


def test_an_invoice_that_was_never_seen_is_refused_by_its_number(stack: LocalStack) -> None:
    answer = stack.press({**INVOICE, "invoice_id": 99})

    assert answer["result"].startswith("NOTHING WAS DONE: invoice_id is 99, and no such invoice")
