"""The sample events: each is taken by its function, and each broken one is refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from billing_sync.domain.errors import Blocked
from functions.company_sync import handler as company_sync
from functions.invoice_trigger import handler as invoice_trigger
from functions.permission_check import handler as permission_check
from functions.run_report import handler as run_report
from functions.sync_preview import handler as sync_preview
from functions.test_sync import handler as test_sync
from tests.integration.local_stack import LambdaContext, LocalStack
from tests.integration.run_assertions import ended

EVENTS = Path("events")
BUTTONS = ("sync_preview", "test_sync")  # they wait for a run as long as they can
HANDLERS = {
    "company_sync": company_sync,
    "invoice_trigger": invoice_trigger,
    "permission_check": permission_check,
    "run_report": run_report,
    "sync_preview": sync_preview,
    "test_sync": test_sync,
}


def sample(path: str) -> dict[str, Any]:
    return dict(json.loads((EVENTS / path).read_text(encoding="utf-8")))


def invoke(function: str, event: object) -> Any:
    return HANDLERS[function].handler(event, LambdaContext(1 if function in BUTTONS else 300))


def test_every_function_has_samples_and_every_sample_a_test() -> None:
    files = {str(file.relative_to(EVENTS)) for file in EVENTS.glob("*/*.json")}

    assert {Path(file).parent.name for file in files} == set(HANDLERS)
    assert files == {
        "company_sync/company.json",
        "invoice_trigger/continued.json",
        "invoice_trigger/invoice_created.json",
        "invoice_trigger/requested.json",
        "invoice_trigger/tick.json",
        *(f"permission_check/{name}.json" for name in CHECKS),
        *(f"permission_check/{name}.json" for name in LISTS),
        "run_report/drift_found.json",
        "run_report/finished.json",
        "run_report/invoice_voided.json",
        "run_report/reminder.json",
        *(f"test_sync/{name}.json" for name in TEST_SYNC),
        *(f"sync_preview/{name}.json" for name in SYNC_PREVIEW),
    }


CHECKS = ("check", "check_huntress", "check_connectwise")
LISTS = {
    "list_organizations": ("organizations", 2),
    "list_companies": ("companies", 2),
    "list_catalog": ("catalog", 10),
    "search_catalog": ("catalog", 7),
}
TEST_SYNC = {
    "01_preview": "IN PROGRESS",
    "02_forecast": "IN PROGRESS",
    "03_sync_last_invoice": "IN PROGRESS",
    "04_show_runs": "runs, newest first: 1",
    "05_show_one_run": "NOTHING WAS DONE: run_id is",
    "06_release": "IN PROGRESS",
    "07_preview_of_undo": "IN PROGRESS",
    "08_undo": "IN PROGRESS",
    "09_stop": "WROTE 3 quantities",
    "10_invoices": "3 invoices, newest first: 0 open",
    "11_one_invoice": "DONE: invoice 5003",
    "12_decline": "NOTHING WAS DONE: companies has 262",
}


SYNC_PREVIEW = {
    "1_preview": "IN PROGRESS",
    "2_forecast": "IN PROGRESS",
    "3_show_runs": "runs, newest first: 1",
    "4_preview_of_undo": "IN PROGRESS",
    "5_invoices": "3 invoices, newest first: 0 open",
}
PRESSED = [("test_sync", *each) for each in TEST_SYNC.items()] + [
    ("sync_preview", *each) for each in SYNC_PREVIEW.items()
]


@pytest.mark.parametrize(("function", "name", "result"), PRESSED)
def test_the_samples_of_the_buttons_are_valid(
    stack: LocalStack, function: str, name: str, result: str
) -> None:
    stack.sync()
    ended(stack)

    assert invoke(function, sample(f"{function}/{name}.json"))["result"].startswith(result)


def test_the_samples_drive_a_whole_run(stack: LocalStack) -> None:
    assert "invoices seen" in invoke("invoice_trigger", sample("invoice_trigger/tick.json"))
    stack.invoice_appears()
    created = sample("invoice_trigger/invoice_created.json")
    assert "run 000001-sync: applying" in invoke("invoice_trigger", created)
    for name in ("requested", "continued"):
        event = sample(f"invoice_trigger/{name}.json")
        assert "run 000001-sync: applying" in invoke("invoice_trigger", event)
    stack.deliver_messages()

    run = ended(stack)

    for name in ("finished", "drift_found"):
        event = sample(f"run_report/{name}.json")
        assert "000001-sync: complete" in invoke("run_report", event)
    reminded = invoke("run_report", sample("run_report/reminder.json"))
    assert reminded == "run 000001-sync: nothing to remind of"
    stack.huntress.edit_invoice(5003, {"status": "voided"})
    stack.tick()
    answer = invoke("run_report", sample("run_report/invoice_voided.json"))
    assert answer == "account#5003: voided; notification sent"
    assert run.wrote == 3


def test_the_sample_message_is_taken(stack: LocalStack) -> None:
    stack.plan()

    reply = invoke("company_sync", sample("company_sync/company.json"))

    assert reply == {"batchItemFailures": []}


@pytest.mark.parametrize("name", CHECKS)
def test_the_sample_checks_are_taken(stack: LocalStack, name: str) -> None:
    result = invoke("permission_check", sample(f"permission_check/{name}.json"))["result"]

    assert result.startswith("READY")


@pytest.mark.parametrize(("name", "expected"), LISTS.items(), ids=LISTS)
def test_the_sample_lists_are_taken(
    stack: LocalStack, name: str, expected: tuple[str, int]
) -> None:
    answer = invoke("permission_check", sample(f"permission_check/{name}.json"))

    assert (answer["list"], len(answer["items"])) == expected


BROKEN = [
    ("invoice_trigger", {}, "action"),
    ("invoice_trigger", None, 'expected {"action": "tick"}'),
    ("invoice_trigger", [], 'expected {"action": "tick"}'),
    ("invoice_trigger", {"action": "tock"}, "action is 'tock'"),
    ("invoice_trigger", {"action": "tick", "more": 1}, "more is 1"),
    ("invoice_trigger", {"detail-type": "Nonsense", "detail": {}}, "detail-type is 'Nonsense'"),
    ("invoice_trigger", {"detail-type": "Billing Sync Requested"}, "with detail None"),
    (
        "invoice_trigger",
        {"detail-type": "Billing Sync Requested", "detail": {"run_id": "x"}},
        "run_id is 'x'",
    ),
    (
        "invoice_trigger",
        {"detail-type": "Huntress Invoice Created", "detail": {"source": "a", "invoice_id": 1}},
        "source is 'a'",
    ),
    (
        "invoice_trigger",
        {"detail-type": "Huntress Invoice Created", "detail": {"source": "account"}},
        "invoice_id",
    ),
    (
        "invoice_trigger",
        {
            "detail-type": "Billing Sync Requested",
            "detail": {"run_id": "000001-sync", "schema_version": 2},
        },
        "schema_version is 2",
    ),
    ("run_report", {}, "detail-type is ''"),
    ("run_report", None, "detail-type is ''"),
    ("run_report", {"detail-type": "Billing Sync Finished", "detail": {}}, "run_id"),
    (
        "run_report",
        {
            "detail-type": "Billing Sync Finished",
            "detail": {"run_id": "000001-sync", "schema_version": "1"},
        },
        "schema_version is '1'",
    ),
    (
        "run_report",
        {
            "detail-type": "Huntress Invoice Created",
            "detail": {"source": "account", "invoice_id": 1},
        },
        "expected 'Billing Sync Finished'",
    ),
    ("company_sync", {}, "Records"),
    ("company_sync", None, "expected an event of the company queue"),
    ("company_sync", {"Records": [{"body": "{}"}]}, "messageId"),
]


@pytest.mark.parametrize(("function", "event", "expected"), BROKEN, ids=str)
def test_a_broken_event_is_refused_by_name(
    stack: LocalStack, function: str, event: object, expected: str
) -> None:
    with pytest.raises(Blocked) as refused:
        invoke(function, event)

    assert expected in str(refused.value)
    assert stack.all_runs() == () and stack.put_events() == []
