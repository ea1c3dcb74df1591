"""Declining: a held or blocked row stays as it is, for a reason, and nobody is asked again."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from billing_sync.adapters.ledger.statements import LedgerStatements
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.statement.statement import Decision
from tests.integration.local_stack import Event, LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, XENON, XENON_EDR

pytestmark = pytest.mark.companies(ALDER, XENON)
RUN = "000001-sync"
DECLINE = {"action": "decline", "run_id": RUN, "companies": [XENON], "by": "Ann"}
WHY = "the client asked for it"


@pytest.fixture(autouse=True)
def held(stack: LocalStack) -> None:
    """Run 1 holds Xenon's jump from 20 to 200."""
    stack.sync()
    ended(stack)


def decline(stack: LocalStack, **changes: object) -> Event:
    return stack.press({**DECLINE, "reason": WHY, **changes})


def book_of(stack: LocalStack) -> LedgerStatements:
    return LedgerStatements(stack.ledger_table)


def shown(stack: LocalStack, run_id: str = RUN) -> Event:
    return stack.press({"action": "show", "run_id": run_id})


def test_a_declined_row_stays_as_it_is_and_its_invoice_is_done(stack: LocalStack) -> None:
    written_before = len(stack.patches())

    answer = decline(stack)

    assert answer["result"] == f"DECLINED 1 row of run {RUN}: accepted as is"
    assert [row["company"] for row in answer["rows"]] == ["Xenon Labs"]
    assert (stack.quantity(XENON_EDR), len(stack.patches())) == (20.0, written_before)
    state = stack.row(XENON_EDR, stack.runs.get(RUN))
    assert (state.row.outcome, state.copied_by) == (Outcome.HELD, "declined")
    invoice = stack.press({"action": "invoices", "invoice_id": 5003})
    assert invoice["result"].startswith("DONE: invoice 5003") and invoice["next"] == []
    assert invoice["statuses"]["accepted as is"]["units"] == 200


def test_who_declined_it_when_and_why_is_kept(stack: LocalStack, clock: Any) -> None:
    now = datetime(2026, 7, 15, 8, 30, tzinfo=UTC)
    clock.move_to(now)

    decline(stack)

    (decision,) = book_of(stack).decisions(RUN)
    assert replace(decision, at=now) == Decision(RUN, XENON, str(XENON_EDR), WHY, "Ann", now)
    assert abs((decision.at - now).total_seconds()) < 60


def test_a_declined_row_is_offered_to_nobody_any_more(stack: LocalStack, clock: Any) -> None:
    release = shown(stack)["next"][0]["event"]
    assert release["action"] == "release"

    decline(stack)

    told = shown(stack)
    assert told["result"].endswith(f"since then 1 declined by Ann: {WHY}")
    assert not [step for step in told["next"] if "release" in str(step)]
    refused = stack.ask({**release, "by": "Bob"})["result"]
    assert "has no held row to release (any more)" in refused
    assert stack.quantity(XENON_EDR) == 20.0
    clock.move_to(datetime(2026, 7, 19, 9, 5, tzinfo=UTC))
    stack.tick()
    stack.settle()
    assert stack.notices() == []


def test_a_blocked_row_may_be_declined_too(stack: LocalStack) -> None:
    agreement = stack.connectwise.state.additions[ALDER_EDR]["agreementId"]
    cancelled = {"agreementStatus": "Cancelled", "cancelledFlag": True}
    stack.connectwise.state.agreements[agreement].update(cancelled)
    stack.ask({})
    run = ended(stack)
    blocked = run.outcomes["blocked"]
    assert blocked

    answer = decline(stack, run_id=run.id, companies=[ALDER], reason="the client left")

    found = [(row["company_id"], row["outcome"]) for row in answer["rows"]]
    assert found == blocked * [(ALDER, "blocked")]
    assert not [step for step in shown(stack, run.id)["next"] if "blocked" in step["do"]]


def test_a_later_sync_plans_the_row_anew(stack: LocalStack) -> None:
    decline(stack)

    stack.ask({})

    run = ended(stack)
    assert run.id != RUN and run.outcomes["held"] == 1
    assert shown(stack, run.id)["next"][0]["event"]["action"] == "release"
    invoice = stack.press({"action": "invoices", "invoice_id": 5003})
    assert invoice["result"].startswith("OPEN: invoice 5003, 200 of")


def test_of_a_release_and_a_decline_at_once_one_happens(stack: LocalStack) -> None:
    source = stack.runs.get(RUN)
    assert source
    state = stack.row(XENON_EDR, source)
    book = book_of(stack)
    decision = Decision(RUN, XENON, state.row.key, WHY, "Ann", datetime.now(UTC))

    assert stack.runs.mark_copied(source, state, by="000002-release")
    assert not book.decline(source, state, decision)
    assert book.decisions(RUN) == ()


def test_of_a_decline_and_a_release_at_once_one_happens(stack: LocalStack) -> None:
    source = stack.runs.get(RUN)
    assert source
    state = stack.row(XENON_EDR, source)
    book = book_of(stack)
    decision = Decision(RUN, XENON, state.row.key, WHY, "Ann", datetime.now(UTC))

    assert book.decline(source, state, decision)
    assert not book.decline(source, state, replace(decision, by="Bob"))
    assert not stack.runs.mark_copied(source, state, by="000002-release")
    assert book.decisions(RUN) == (decision,)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"run_id": "000009-sync"}, "run_id is '000009-sync', and there is no such run"),
        ({"run_id": "9"}, "run_id is '9'"),
        ({"companies": [999]}, "companies has 999, and run 000001-sync has no row of it"),
        ({"companies": [XENON, ALDER]}, f"companies has {ALDER}, and run 000001-sync has no row"),
        ({"companies": [ALDER]}, f"Rows wait of: {XENON} (Xenon Labs)"),
        ({"companies": []}, "companies is []"),
        ({"reason": " "}, "reason is ' '"),
        ({"by": ""}, "by is ''"),
    ],
    ids=str,
)
def test_what_cannot_be_declined_is_refused_by_name(
    stack: LocalStack, changes: Event, message: str
) -> None:
    result = decline(stack, **changes)["result"]

    assert result.startswith("NOTHING WAS DONE: ") and message in result
    assert book_of(stack).decisions(RUN) == ()


@pytest.mark.parametrize("field", ["companies", "reason", "by", "run_id"])
def test_every_field_must_be_there(stack: LocalStack, field: str) -> None:
    event = {k: v for k, v in {**DECLINE, "reason": WHY}.items() if k != field}

    assert stack.press(event)["result"] == f"NOTHING WAS DONE: {field} is missing"


def test_a_row_that_was_released_or_declined_cannot_be_declined(stack: LocalStack) -> None:
    decline(stack)

    again = decline(stack)["result"]

    assert f"declined by Ann: {WHY}" in again and "Rows wait of: no company" in again


def test_a_released_row_cannot_be_declined(stack: LocalStack) -> None:
    stack.ask({**shown(stack)["next"][0]["event"], "by": "Bob"})

    assert "released by 000002-release" in decline(stack)["result"]


def test_a_row_that_a_newer_sync_planned_is_declined_there(stack: LocalStack) -> None:
    stack.ask({})
    newest = ended(stack).id

    assert f"superseded by {newest}" in decline(stack)["result"]
    assert decline(stack, run_id=newest)["result"].startswith("DECLINED 1 row")


def test_rows_of_a_preview_are_not_declined(stack: LocalStack) -> None:
    stack.ask({"action": "preview"})
    preview = ended(stack).id

    refused = decline(stack, run_id=preview)["result"]

    assert "only rows of a sync or a release" in refused


def test_rows_of_a_run_in_progress_are_not_declined(stack: LocalStack) -> None:
    running = stack.press({"wait": False})["run_id"]

    assert f"run_id is '{running}', and it is still" in decline(stack, run_id=running)["result"]
