"""`billing-sync release`, `undo`, `stop`: what was shown and agreed to is written."""

import json

import pytest

from billing_sync.domain.runs.run import Verdict
from billing_sync.domain.wording import PRICES
from tests.integration.aws_endpoint import CALLER, AwsEndpoint
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    COPPERFIELD,
    COPPERFIELD_EDR,
    COPPERFIELD_SAT,
    XENON,
    XENON_EDR,
)

HELD = "000001-sync"


@pytest.mark.companies(ALDER, XENON)
def test_a_release_shows_the_rows_asks_and_carries_the_hash_of_what_it_showed(
    stack: LocalStack, door: AwsEndpoint, operator: OperatorLine
) -> None:
    stack.sync()
    run = ended(stack)

    shown = operator("release", HELD, answers=["y"])

    assert shown.exit_code == 0
    text = " ".join(shown.stdout.split())
    assert f"Xenon Labs {XENON} edr 20 → 200 +630.00 USD held rise" in text
    assert "Xenon Labs: 20 -> 200 rises by more than 50 %" in text
    assert (
        f"Together: 1 row of 1 company, +630.00 USD Monthly. {PRICES} WROTE 1 quantity: complete"
        in text
    )
    (event,) = door.events
    named = {"action": "release", "run_id": HELD, "by": CALLER, "wait": False}
    assert event == {**named, "plan_hash": run.plan_hash}
    assert stack.quantity(XENON_EDR) == 200.0 and ended(stack).wrote == 1


@pytest.mark.companies(ALDER, XENON)
@pytest.mark.parametrize(
    ("more", "answers", "status", "message"),
    [
        ([], ["n"], 1, "not confirmed; no changes made"),
        ([], [], 2, "Use --yes"),
        (["--yes"], [], 2, "--yes releases nothing that nobody looked at"),
        (["--hash", "0" * 64], ["y"], 1, f"but the plan of run {HELD} is"),
        (["--hash", "0" * 64, "--yes"], [], 1, f"but the plan of run {HELD} is"),
        (["--companies", f"{ALDER}"], ["y"], 1, f"run {HELD} has no row to release"),
    ],
    ids=str,
)
def test_what_nobody_agreed_to_is_not_released(
    *,
    stack: LocalStack,
    door: AwsEndpoint,
    operator: OperatorLine,
    more: list[str],
    answers: list[str],
    status: int,
    message: str,
) -> None:
    stack.sync()

    shown = operator("release", HELD, *more, answers=answers)

    assert shown.exit_code == status and message in shown.stderr
    assert door.events == [] and stack.quantity(XENON_EDR) == 20.0


@pytest.mark.companies(ALDER, XENON)
def test_a_script_releases_the_plan_it_reviewed_by_its_hash(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.sync()
    reviewed = json.loads(operator("show", HELD, "--json").stdout)["plan_hash"]

    shown = operator("release", HELD, "--hash", reviewed, "--yes", "--json")
    again = operator("release", HELD, "--hash", reviewed, "--yes")

    assert (shown.exit_code, shown.stderr) == (0, "")
    assert json.loads(shown.stdout)["result"].startswith("WROTE 1 quantity")
    assert again.exit_code == 1 and "no held row to release (any more)" in again.stderr
    assert len(stack.patches(XENON_EDR)) == 1


def test_a_preview_is_released_whole(stack: LocalStack, operator: OperatorLine) -> None:
    stack.invoice_appears()
    operator("preview")

    shown = operator("release", "000001-preview", answers=["y"])

    assert shown.exit_code == 0 and "Together: 3 rows of 2 companies" in shown.stdout
    assert ended(stack).wrote == 3


def test_an_undo_is_previewed_shown_and_asked_for_before_it_writes(
    stack: LocalStack, door: AwsEndpoint, operator: OperatorLine
) -> None:
    stack.sync()
    ended(stack)

    refused = operator("undo", HELD, "--companies", f"{COPPERFIELD}", answers=["n"])
    before = stack.quantity(COPPERFIELD_EDR)
    shown = operator("undo", HELD, "--companies", f"{COPPERFIELD}", answers=["y"])

    text = " ".join(shown.stdout.split())
    assert (refused.exit_code, before, shown.exit_code) == (1, 65.0, 0)
    assert f"Copperfield Foods {COPPERFIELD} edr 65 → 63 -7.00 USD updated" in text
    assert (
        f"Together: 2 rows of 1 company, -5.25 USD Monthly. {PRICES} WROTE 2 quantities: complete"
        in text
    )
    assert [event.get("preview", False) for event in door.events] == [True, True, False]
    quantities = [
        stack.quantity(addition) for addition in (COPPERFIELD_EDR, COPPERFIELD_SAT, ALDER_EDR)
    ]
    assert quantities == [63.0, 45.0, 25.0]


def test_a_preview_of_an_undo_writes_nothing(stack: LocalStack, operator: OperatorLine) -> None:
    stack.sync()
    ended(stack)

    shown = operator("undo", HELD, "--preview")

    assert shown.exit_code == 0 and "25 → 24" in shown.stdout
    assert len(stack.patches()) == 3 and ended(stack).verdict is Verdict.PREVIEWED


def test_an_undo_of_nothing_is_refused_in_words(stack: LocalStack, operator: OperatorLine) -> None:
    stack.invoice_appears()
    operator("preview")

    shown = operator("undo", "000001-preview", answers=["y"])

    assert shown.exit_code == 1
    assert "run 000001-preview wrote nothing, so there is nothing to undo" in shown.stderr


def test_a_stop_ends_a_run_without_asking(
    stack: LocalStack, door: AwsEndpoint, operator: OperatorLine
) -> None:
    stack.plan()

    shown = operator("stop", HELD)

    assert shown.exit_code == 0
    assert f"WROTE NOTHING: stopped by {CALLER}" in shown.stdout
    assert stack.untouched()
    assert door.events == [{"action": "stop", "run_id": HELD, "by": CALLER, "wait": False}]


@pytest.mark.companies(ALDER, XENON)
def test_a_declined_row_is_shown_with_its_reason_and_the_way_to_its_invoice(
    stack: LocalStack, door: AwsEndpoint, operator: OperatorLine
) -> None:
    stack.sync()
    ended(stack)

    shown = operator("decline", HELD, "--companies", f"{XENON}", "--reason", "agreed with them")

    text = " ".join(shown.stdout.split())
    assert shown.exit_code == 0 and text.startswith(f"DECLINED 1 row of run {HELD}: accepted as is")
    assert "Xenon Labs" in text and f"Reason, by {CALLER} (as stated): agreed with them" in text
    assert "billing-sync invoice 5003" in text
    (event,) = door.events
    named = {"action": "decline", "run_id": HELD, "companies": [XENON], "by": CALLER}
    assert event == {**named, "reason": "agreed with them"}
    assert stack.quantity(XENON_EDR) == 20.0


@pytest.mark.companies(ALDER, XENON)
@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ([HELD, "--companies", f"{ALDER}", "--reason", "why"], 1, f"companies has {ALDER}"),
        ([HELD, "--companies", f"{XENON}", "--reason", " "], 1, "reason is ' '"),
        ([HELD, "--companies", f"{XENON}"], 2, "Missing option '--reason'"),
        ([HELD, "--reason", "why"], 2, "Missing option '--companies'"),
        (["000009-sync", "--companies", "1", "--reason", "why"], 1, "there is no such run"),
    ],
    ids=str,
)
def test_what_cannot_be_declined_is_refused(
    *, stack: LocalStack, operator: OperatorLine, words: list[str], status: int, message: str
) -> None:
    stack.sync()

    shown = operator("decline", *words)

    assert (shown.exit_code, stack.quantity(XENON_EDR)) == (status, 20.0)
    assert message in shown.stderr and "{" not in shown.stderr
