"""One billing cycle through the deployed stack; each fixture is an act and needs those before."""

import csv
import io
import json
from collections import Counter
from datetime import datetime
from types import SimpleNamespace

import pytest

from billing_sync.adapters.aws.queue import CompanyQueue
from billing_sync.domain.apply.row_state import OpenCompany
from billing_sync.domain.runs.run import Status, Verdict
from tools.sandbox.check import disagreements
from tools.sandbox.command_line import billing_sync
from tools.sandbox.steps import automatic_run, closed_run, held_additions_of, report_files
from tools.sandbox.waiting import wait_for

XENON_LABS = 262
NOTHING_RELEASED = frozenset()


@pytest.fixture(scope="module")
def previewed(stack, stand_ins):
    stack.invoke("InvoiceTrigger", {"action": "tick"})
    answer = stack.test_sync(action="preview")
    run = closed_run(stack, answer["run_id"])
    return SimpleNamespace(answer=answer, run=run, changes=stand_ins.quantity_changes())


@pytest.fixture(scope="module")
def tried_while_off(stack, stand_ins, previewed):
    answer = stack.test_sync()
    run = closed_run(stack, answer["run_id"])
    return SimpleNamespace(run=run, changes=stand_ins.quantity_changes())


@pytest.fixture(scope="module")
def billed(stack, stand_ins, sandbox_folder, tried_while_off):
    billing_sync(sandbox_folder, "settings", "set", "sync_enabled", "true", "--yes")
    invoice = stand_ins.new_invoice()
    run = closed_run(stack, automatic_run(stack, invoice["id"]).id)
    return SimpleNamespace(
        run=run,
        invoice=invoice,
        changes=stand_ins.quantity_changes(),
        disagreements=disagreements(stand_ins, released=NOTHING_RELEASED),
    )


@pytest.fixture(scope="module")
def told_again(stack, stand_ins, billed):
    """The invoice's event once more, and every company's message."""
    detail = {"source": billed.run.invoice.source, "invoice_id": billed.invoice["id"]}
    event = {"detail-type": "Huntress Invoice Created", "detail": detail, "id": "again"}
    answer = stack.invoke("InvoiceTrigger", event)
    queue = CompanyQueue(stack.client("sqs"), url=stack.outputs["Queue"])
    companies = {state.row.company_id for state in stack.runs.rows(billed.run)}
    sent = queue.send(billed.run, [OpenCompany(each, sent=8) for each in sorted(companies)])
    wait_for("the queue to be empty", queue.is_empty, seconds=60)
    return SimpleNamespace(
        answer=answer, sent=len(sent), companies=companies, changes=stand_ins.quantity_changes()
    )


@pytest.fixture(scope="module")
def released(stack, stand_ins, billed, told_again):
    request = {"action": "release", "run_id": billed.run.id, "companies": [XENON_LABS]}
    additions = held_additions_of(stack, billed.run, XENON_LABS)
    wrong = stack.test_sync(**request, plan_hash="0" * 64, by="e2e")
    refused = closed_run(stack, wrong["run_id"])
    right = stack.test_sync(**request, plan_hash=billed.run.plan_hash, by="e2e")
    run = closed_run(stack, right["run_id"])
    return SimpleNamespace(
        refused=refused, run=run, additions=additions, changes=stand_ins.quantity_changes()
    )


@pytest.fixture(scope="module")
def billed_again(stack, stand_ins, released):
    run = closed_run(stack, stack.test_sync()["run_id"])
    return SimpleNamespace(run=run, changes=stand_ins.quantity_changes())


def test_a_preview_plans_every_company_and_writes_nothing(previewed):
    assert previewed.run.coverage.complete
    assert previewed.run.verdict is Verdict.PREVIEWED
    assert sum(previewed.run.outcomes.values()) > 100
    assert previewed.answer["result"].startswith("WROTE NOTHING")
    assert previewed.changes == []


def test_nothing_is_written_while_sync_is_off(tried_while_off):
    assert tried_while_off.run.verdict is Verdict.REFUSED
    assert "sync is off" in tried_while_off.run.note
    assert tried_while_off.changes == []


def test_the_schedule_finds_the_invoice_and_writes_what_huntress_counted(billed):
    assert billed.disagreements == []
    assert billed.run.status is Status.CLOSED
    assert billed.run.wrote == len(billed.changes) > 0


def test_every_agent_of_the_invoice_ended_somewhere(billed):
    edr = next(one for one in billed.run.tie_out if one.product == "edr")
    assert sum(edr.ended.values()) == billed.invoice["quantity"]


def test_no_quantity_changed_before_its_intent_was_in_the_ledger(stack, billed):
    for change in billed.changes:
        audit = list(stack.ledger.query(f"ADDITION#{change['addition_id']}", "AUDIT#"))
        assert [entry["kind"] for entry in audit] == ["intent", "result"]
        assert datetime.fromisoformat(audit[0]["at"]) <= datetime.fromisoformat(change["at"])


def test_an_event_and_messages_that_come_again_change_nothing(billed, told_again):
    assert billed.run.id in told_again.answer
    assert told_again.sent == len(told_again.companies) > 40
    assert told_again.changes == billed.changes


def test_a_held_row_is_released_by_the_hash_of_the_plan_and_by_no_other(billed, released):
    assert released.refused.verdict is Verdict.REFUSED
    assert released.run.verdict is Verdict.COMPLETE
    fresh = released.changes[len(billed.changes) :]
    assert {change["addition_id"] for change in fresh} == released.additions != frozenset()


def test_another_sync_of_the_same_invoice_changes_nothing(released, billed_again):
    assert billed_again.run.wrote == 0
    assert billed_again.changes == released.changes


def test_at_the_end_every_quantity_is_right_changed_once_and_nothing_else_was(
    stand_ins, released, billed_again
):
    assert disagreements(stand_ins, released=released.additions) == []
    assert max(Counter(c["addition_id"] for c in billed_again.changes).values()) == 1


def test_the_report_is_there_with_every_row(stack, billed):
    files = report_files(stack, billed.run.id)
    rows = list(csv.DictReader(io.StringIO(files["rows.csv"].decode("utf-8-sig"))))
    assert len(rows) == len(stack.runs.rows(billed.run))
    assert billed.run.id in json.dumps(json.loads(files["run.json"]))
