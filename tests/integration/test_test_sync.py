"""The operator's button: sync the last invoice, preview, show, stop; what it says and writes."""

import json
from typing import Any

import pytest

from billing_sync.adapters.events.operator import operator_event
from billing_sync.domain.runs.run import Verdict
from billing_sync.flows.operator.requests import ROWS_SHOWN
from functions.test_sync import handler as test_sync
from tests.integration.local_stack import LambdaContext, LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD,
    XENON,
    XENON_EDR,
)

CONSOLE_DEFAULT = {"key1": "value1", "key2": "value2", "key3": "value3"}
RELEASE = {"action": "release", "run_id": "000001-sync", "by": "Ann"}


class Impatient(LambdaContext):
    """The context of an invocation that must not wait for anything."""

    def get_remaining_time_in_millis(self) -> int:
        raise AssertionError("somebody waits")


def test_a_preview_writes_nothing_takes_no_turn_and_gives_the_hash(stack: LocalStack) -> None:
    stack.invoice_appears()

    answer = stack.ask({"action": "preview"})

    assert answer["result"] == "WROTE NOTHING: preview, 3 to update"
    assert (answer["verdict"], answer["status"]) == ("previewed", "closed")
    assert answer["invoice"].startswith("account 5003 of 2026-07-14")
    assert (
        len(answer["plan_hash"]) == 64
        and answer["plan_hash"] == answer["next"][0]["event"]["plan_hash"]
    )
    assert stack.untouched() and stack.runs.active() is None
    assert stack.messages() == []
    assert {row["outcome"] for row in answer["rows"]} == {"updated", "unchanged"}
    assert stack.audit(ALDER_EDR) == []


def test_a_preview_is_possible_while_a_run_is_writing(stack: LocalStack) -> None:
    stack.plan()
    busy = stack.newest().id

    answer = stack.press({"action": "preview"})
    stack.deliver_events()

    run = stack.runs.get(answer["run_id"])
    assert run and run.verdict is Verdict.PREVIEWED
    assert stack.runs.active() == busy
    assert ended(stack, busy).wrote == 3


@pytest.mark.parametrize("action", ["sync", "preview", "forecast"])
def test_nobody_but_the_invoice_goes_by_its_name(stack: LocalStack, action: str) -> None:
    answer = stack.press({"action": action, "by": " Invoice "})

    assert "by" in answer["result"] and "reserved" in answer["result"]
    assert stack.all_runs() == ()


def test_a_preview_without_any_invoice_tells_what_is_used_now(bare_stack: LocalStack) -> None:
    stack = bare_stack
    stack.configure(sync_enabled=False)
    stack.huntress.state.invoices.clear()
    stack.tick()

    answer = stack.ask({"action": "preview"})

    assert answer["invoice"] == "none: usage as of now"
    assert answer["result"] == "WROTE NOTHING: preview, 3 to update"
    assert stack.untouched()


def test_a_sync_without_any_invoice_is_refused(bare_stack: LocalStack) -> None:
    stack = bare_stack
    stack.configure()
    stack.huntress.state.invoices.clear()
    stack.tick()

    answer = stack.ask({})

    assert "there is no invoice yet" in answer["result"] and stack.untouched()


def test_the_last_invoice_is_synced_again_and_nothing_is_left_to_do(stack: LocalStack) -> None:
    stack.invoice_appears()

    first, again = stack.ask({}), stack.ask({})

    assert first["result"].startswith("WROTE 3 quantities: complete")
    assert again["result"].startswith("WROTE NOTHING: complete")
    assert {row["outcome"] for row in again["rows"]} == {"unchanged"}
    assert len(stack.patches()) == 3
    assert ended(stack).request.by == "operator"


def test_a_sync_by_hand_is_the_run_of_its_invoice(stack: LocalStack) -> None:
    stack.invoice_appears()
    answer = stack.ask({})
    stack.tick()
    stack.settle()

    assert (stack.invoice.state, stack.invoice.run_id) == ("run", answer["run_id"])
    assert len(stack.all_runs()) == 1


def test_a_sync_of_one_company_leaves_the_invoice_to_its_own_run(stack: LocalStack) -> None:
    stack.invoice_appears()

    answer = stack.ask({"companies": [ALDER]})

    assert {row["company_id"] for row in answer["rows"]} == {ALDER}
    assert (stack.quantity(ALDER_EDR), len(stack.patches())) == (25.0, 1)
    stack.tick()
    run = ended(stack)
    assert run.automatic and run.wrote == 2


@pytest.mark.parametrize("action", ["sync", "preview", "forecast", "release", "undo"])
def test_a_company_that_is_not_known_is_refused_by_its_id_before_anything_is_read(
    stack: LocalStack, action: str
) -> None:
    stack.invoice_appears()
    first = stack.ask({})
    run = {"run_id": first["run_id"], "by": "Ann"} if action in ("release", "undo") else {}
    reviewed = {"plan_hash": first["plan_hash"]} if action == "release" else {}
    calls = len(stack.huntress.requests), len(stack.connectwise.requests)

    answer = stack.ask({"action": action, "companies": [ALDER, 99999], **run, **reviewed})

    assert answer["verdict"] == "refused"
    assert "companies" in answer["result"] and "99999" in answer["result"]
    assert str(ALDER) not in answer["result"]
    assert (len(stack.huntress.requests), len(stack.connectwise.requests)) == calls


def test_a_run_of_no_company_is_never_complete(stack: LocalStack) -> None:
    for mapping in stack.world.mappings:
        stack.config.delete_item(Key={"pk": "MAPPING", "sk": mapping["sk"]})
    stack.invoice_appears()

    answer = stack.ask({})

    assert answer["verdict"] == "incomplete"
    assert "no organization is mapped to a company" in answer["not_read"][0]


def test_a_sync_while_another_run_is_writing_is_told_so(stack: LocalStack) -> None:
    stack.plan()
    busy = stack.newest().id

    answer = stack.press({"by": "Ann"})
    stack.deliver_events()
    answer = stack.press({"action": "show", "run_id": answer["run_id"]})

    assert (answer["verdict"], answer["status"]) == ("refused", "closed")
    assert f"run {busy} is writing" in answer["result"]
    assert ended(stack, busy).wrote == 3


def test_the_identical_request_joins_the_run_in_progress(stack: LocalStack) -> None:
    stack.invoice_appears()

    first, again = stack.press({}), stack.press({"action": "sync"})
    stack.deliver_events()
    joined = stack.press({})

    assert first["run_id"] == again["run_id"] == joined["run_id"]
    assert joined["result"] == "IN PROGRESS: applying"
    follow = {"action": "show", "run_id": first["run_id"]}
    assert joined["next"] == [{"do": "Follow it with", "event": follow}]
    assert ended(stack).wrote == 3
    assert stack.press({})["run_id"] != first["run_id"]


def test_a_request_whose_event_was_lost_is_taken_up_by_the_sweep(
    stack: LocalStack, clock: Any
) -> None:
    answer = stack.press({"action": "preview"})
    stack.put_events()
    clock.shift(16 * 60)
    stack.tick()
    stack.settle()

    run = stack.runs.get(answer["run_id"])
    assert run and run.verdict is Verdict.PREVIEWED


def test_show_lists_the_runs_and_tells_one_of_them(stack: LocalStack) -> None:
    assert stack.press({"action": "show"})["result"] == "there is no run yet"
    stack.sync()
    run = ended(stack)

    listed, shown = (
        stack.press({"action": "show"}),
        stack.press({"action": "show", "run_id": run.id}),
    )

    assert [each["run_id"] for each in listed["runs"]] == [run.id]
    assert shown["tie_out"]["edr"] == {"used": 90, "updated": 90, "unknown": 0}
    assert shown["coverage"] == "2 of 2 companies read"
    missing = stack.press({"action": "show", "run_id": "000099-sync"})
    assert missing["result"].startswith("NOTHING WAS DONE: run_id is '000099-sync'")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (CONSOLE_DEFAULT, "key1 is 'value1': there is no such key; key2 is 'value2'"),
        ({"action": "destroy"}, "action is 'destroy': it is one of 'sync', 'preview'"),
        ({"action": 7}, "action is '7'"),
        ({"action": "preview", "companies": "all"}, "companies"),
        ({"action": "preview", "companies": []}, "companies"),
        ({"action": "preview", "companies": [-1]}, "companies.0"),
        ({"action": "preview", "companies": ["250"]}, "companies.0"),
        ({"action": "preview", "companies": [True]}, "companies.0"),
        ({"action": "preview", "company": 250}, "company is 250: there is no such key"),
        ({"action": "preview", "wait": "no"}, "wait"),
        ({"action": "show", "run_id": 12}, "run_id"),
        ({"action": "stop", "run_id": "000001-sync"}, "by is missing"),
        ({"action": "stop", "run_id": "000001-sync", "by": " "}, "by"),
        (
            {"action": "release", "run_id": "000001-sync", "plan_hash": "abc", "by": "A"},
            "plan_hash",
        ),
        ({"action": "release", "run_id": "000001-sync", "by": "A"}, "plan_hash is missing"),
        (None, "the event"),
        ([], "the event is []: it must be an object"),
        ("preview", "the event"),
        (7, "the event"),
    ],
    ids=str,
)
def test_a_wrong_event_is_told_what_is_wrong_and_which_forms_are_right(
    stack: LocalStack, event: object, expected: str
) -> None:
    answer = stack.ask(event)

    wrong = expected if " is " in expected else f"{expected} is"
    assert answer["result"].startswith(f"NOTHING WAS DONE: {wrong}")
    assert {"action": "preview"} in answer["valid_events"].values()
    assert stack.all_runs() == () and stack.put_events() == []


def test_every_form_the_error_lists_is_a_valid_event(stack: LocalStack) -> None:
    forms = stack.ask(None)["valid_events"]

    for event in forms.values():
        hashed = {"plan_hash": "0" * 64} if "plan_hash" in event else {}
        assert operator_event({**event, **hashed})
    actions = {event.get("action", "sync") for event in forms.values()}
    looks, changes = {"preview", "forecast", "show", "invoices"}, {"release", "decline", "undo"}
    assert actions == {"sync", "stop", *looks, *changes}


def test_who_follows_a_run_by_himself_is_answered_at_once(stack: LocalStack) -> None:
    stack.invoice_appears()

    answer: Any = test_sync.handler({"action": "preview", "wait": False}, Impatient())
    joined = stack.press({"action": "preview"})

    assert (answer["status"], answer["run_id"]) == ("requested", joined["run_id"])


def test_an_answer_is_short_enough_for_the_console_and_says_what_it_leaves_out(
    full_stack: LocalStack,
) -> None:
    stack = full_stack
    stack.invoice_appears()

    answer = stack.ask({"action": "preview"})

    run = stack.newest()
    lists = {name for name, value in answer.items() if f"{name}_not_shown" in answer}
    assert lists >= {"rows", "findings", "usage_in_no_row", "billed_without_usage", "changed_since"}
    assert all(len(answer[name]) <= ROWS_SHOWN for name in lists)
    assert len(answer["rows"]) + answer["rows_not_shown"] == len(stack.runs.rows(run)) > ROWS_SHOWN
    names = list(answer)
    assert names[0] == "result" and names.index("next") < names.index("rows")
    assert len(json.dumps(answer, indent=2)) < 50_000


@pytest.mark.companies(ALDER, XENON)
def test_previews_and_syncs_of_an_invoice_use_what_was_frozen_for_it(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    ended(stack)
    clock.shift(5 * 24 * 3600)
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 99}})

    preview, sync = stack.ask({"action": "preview"}), stack.ask({})

    for answer in (preview, sync):
        (row,) = [row for row in answer["rows"] if row["addition"] == ALDER_EDR]
        assert (row["target"], row["outcome"]) == ("25", "unchanged")
    assert stack.quantity(XENON_EDR) == 20.0
    assert COPPERFIELD not in {row["company_id"] for row in sync["rows"]}
