"""`billing-sync preview`, `sync`, `show`, `runs`: what they ask for, show, and end with."""

import json

import pytest

from tests.integration.aws_endpoint import CALLER, AwsEndpoint
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, XENON, XENON_EDR
from tools.sandbox.vendors.faults import Fault, FaultKind


def words(text: str) -> str:
    """The text without what a terminal's width did to it."""
    return " ".join(text.split())


def test_a_preview_shows_the_plan_and_how_to_write_it_and_writes_nothing(
    stack: LocalStack, door: AwsEndpoint, operator: OperatorLine
) -> None:
    stack.invoice_appears()

    shown = operator("preview", "--companies", f"{ALDER}")

    assert (shown.exit_code, shown.stderr) == (0, "")
    assert door.events == [{"action": "preview", "by": CALLER, "companies": [ALDER], "wait": False}]
    text = words(shown.stdout)
    assert text.startswith("WROTE NOTHING: preview, 1 to update Run 000001-preview, 1 of 1")
    assert f"Alder & Finch Accountants {ALDER} edr 24 → 25 +3.50 USD updated" in text
    assert "\n    billing-sync release 000001-preview\n" in shown.stdout
    assert max(len(line) for line in shown.stdout.splitlines()) <= 100
    assert stack.untouched()


def test_a_confirmed_sync_writes_and_shows_the_result(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.invoice_appears()

    shown = operator("sync", answers=["y"])

    text = words(shown.stdout)
    assert shown.exit_code == 0
    assert text.startswith("WROTE 3 quantities: complete, every addition is right")
    assert "counted by Huntress" in text and "Unchanged: 5 rows." in text
    assert "billing-sync undo 000001-sync" in text
    assert ended(stack).wrote == 3 and stack.quantity(ALDER_EDR) == 25.0


@pytest.mark.parametrize(
    ("more", "answers", "status", "message"),
    [
        ([], ["n"], 1, "not confirmed; no changes made"),
        ([], [], 2, "Use --yes"),
        (["--json"], ["y"], 2, "give --yes with it"),
    ],
    ids=str,
)
def test_a_sync_that_nobody_agreed_to_asks_for_nothing(
    *,
    stack: LocalStack,
    operator: OperatorLine,
    more: list[str],
    answers: list[str],
    status: int,
    message: str,
) -> None:
    stack.invoice_appears()

    shown = operator("sync", *more, answers=answers)

    assert (shown.exit_code, shown.stdout) == (status, "") and message in shown.stderr
    assert stack.all_runs() == () and stack.untouched()


@pytest.mark.companies(ALDER, XENON)
def test_rows_that_wait_for_a_person_have_an_exit_status_of_their_own(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.invoice_appears()

    preview, sync = operator("preview"), operator("sync", "--yes")

    assert (preview.exit_code, sync.exit_code) == (0, 4)
    assert "held rise" in words(sync.stdout)
    assert f"billing-sync release 000002-sync --companies {XENON}" in sync.stdout
    assert operator("watch", "000002-sync").exit_code == 4


def test_a_run_that_could_not_read_everything_is_no_success(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.invoice_appears()
    stack.connectwise.add_fault(Fault(FaultKind.SHORT_PAGE, path="/finance/agreements$", times=0))

    shown = operator("sync", "--yes")

    assert shown.exit_code == 1
    assert shown.stdout.startswith("WROTE NOTHING: incomplete")
    assert "Not read" in shown.stdout


def test_a_refusal_names_the_command_that_helps(
    bare_stack: LocalStack, operator: OperatorLine
) -> None:
    bare_stack.configure(sync_enabled=False)
    bare_stack.tick()
    bare_stack.invoice_appears()

    shown = operator("sync", "--yes", "--region", "us-east-1")

    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "sync is off" in shown.stderr
    assert "billing-sync preview --region us-east-1 shows what" in shown.stderr


def test_json_is_the_run_as_in_its_report(stack: LocalStack, operator: OperatorLine) -> None:
    stack.invoice_appears()

    synced = operator("sync", "--yes", "--json")
    shown = operator("show", "--json")

    run = ended(stack)
    assert (synced.exit_code, shown.exit_code, synced.stderr) == (0, 0, "")
    assert synced.stdout == shown.stdout
    assert json.loads(shown.stdout) == json.loads(stack.report(run.id))


@pytest.mark.companies(ALDER, XENON)
def test_one_company_is_shown_with_arithmetic_place_and_reason(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.sync()

    shown = operator("show", "000001-sync", "--company", f"{XENON}")
    rows = json.loads(operator("show", "--company", f"{XENON}", "--json").stdout)["rows"]

    text = words(shown.stdout)
    assert shown.exit_code == 0
    assert f"Xenon Labs (company {XENON}) edr 20 → 200 held (rise) Counted 200 agents" in text
    assert f"addition {XENON_EDR} on 'Managed Security - Xenon Labs'" in text
    assert "Because 20 -> 200 rises by more than 50 %" in text
    assert "Alder" not in text
    assert {row["company_id"] for row in rows} == {XENON} and len(rows) == 4
    missing = operator("show", "--company", "7")
    assert missing.exit_code == 1 and "company 7 has no row in run 000001-sync" in missing.stderr


@pytest.mark.companies(ALDER, XENON)
def test_runs_are_listed_newest_first_with_what_waits(
    stack: LocalStack, operator: OperatorLine
) -> None:
    empty = operator("runs")
    stack.sync()
    operator("preview")

    shown = operator("runs")
    newest = json.loads(operator("runs", "--most", "1", "--json").stdout)["runs"]

    assert "There is no run yet" in empty.stdout
    text = words(shown.stdout)
    assert "000002-preview 2026-07-14 09:00 invoice 5003 previewed 0 1 0 ann" in text
    assert "000001-sync 2026-07-14 09:00 invoice 5003 held 2 1 0 schedule" in text
    assert text.index("000002-preview") < text.index("000001-sync")
    assert [(run["run_id"], run["verdict"]) for run in newest] == [("000002-preview", "previewed")]


@pytest.mark.parametrize(
    ("name", "status", "message"),
    [
        ("12", 2, "'12' is no run id. They look like 000012-sync"),
        ("000099-sync", 1, "there is no such run; 'billing-sync runs' lists them"),
    ],
)
def test_a_missing_run_is_reported_with_the_command_that_lists_runs(
    operator: OperatorLine, name: str, status: int, message: str
) -> None:
    for command in ("show", "watch", "report"):
        shown = operator(command, name)
        assert (shown.exit_code, shown.stdout) == (status, "") and message in shown.stderr
