"""Undoing: back to what stood before, only where our value still stands, and itself undoable."""

from datetime import UTC, datetime
from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Run, Status, Verdict
from tests.integration.crashes import just_before
from tests.integration.installed_stack import NEW_INVOICE
from tests.integration.local_stack import Event, LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    XENON,
    XENON_EDR,
    XENON_ITDR,
)

pytestmark = pytest.mark.companies(ALDER, XENON)
SYNCED = "000001-sync"


def undo_of(run_id: str = SYNCED, **changes: object) -> Event:
    return {"action": "undo", "run_id": run_id, "by": "Ann", **changes}


def release_of(told: Event, **changes: object) -> Event:
    reviewed = {"run_id": told["run_id"], "plan_hash": told["plan_hash"]}
    return {"action": "release", "by": "Ann", **reviewed, **changes}


def synced(stack: LocalStack) -> Run:
    """Sync the invoice: Alder's agents and Xenon's identities are written, a jump is held."""
    stack.sync()
    assert quantities(stack) == (25.0, 22.0, 20.0)
    return ended(stack)


def written_again(stack: LocalStack) -> str:
    """Alder gets a minimum and is synced once more, from 25 to 26; the run's id."""
    key = {"pk": "MAPPING", "sk": f"COMPANY#{ALDER}"}
    stack.config.put_item(Item={**key, "minimum": {"edr": 26}})
    newer = stack.ask({"companies": [ALDER]})
    assert newer["result"].startswith("WROTE 1 quantity")
    return str(newer["run_id"])


def quantities(stack: LocalStack) -> tuple[float | None, ...]:
    """Before the sync 24, 21 and 20."""
    return tuple(stack.quantity(one) for one in (ALDER_EDR, XENON_ITDR, XENON_EDR))


def last_written(stack: LocalStack, addition_id: int) -> tuple[str | None, str]:
    key = {"pk": "ADDITIONS", "sk": f"{addition_id:012d}"}
    item = stack.ledger.get_item(Key=key)["Item"]
    return item["quantity"], str(item["run_id"])


def test_an_undo_sets_back_what_the_run_wrote_and_nothing_else(stack: LocalStack) -> None:
    source = synced(stack)

    told = stack.ask(undo_of())

    run = ended(stack)
    assert told["result"] == f"WROTE 2 quantities: complete, undo of run {SYNCED}"
    assert (run.id, run.request.by, run.invoice) == ("000002-undo", "Ann", source.invoice)
    assert quantities(stack) == (24.0, 21.0, 20.0)
    assert stack.connectwise.changed_fields_since(stack.before) == {}
    assert stack.row(ALDER_EDR, source).copied_by == run.id
    assert stack.row(XENON_EDR, source).copied_by == ""
    assert last_written(stack, ALDER_EDR) == ("24", run.id)
    assert stack.audit(ALDER_EDR, run.id) == [("intent", 1, ""), ("result", 1, "updated")]


def test_an_undo_speaks_of_no_usage_and_its_money_is_what_the_write_was_worth(
    stack: LocalStack,
) -> None:
    source = synced(stack)

    told = stack.ask(undo_of(companies=[ALDER]))

    assert (told["tie_out"], told["usage_in_no_row"]) == ({}, [])
    assert told["coverage"] == "1 of 1 companies read"
    row = stack.row(ALDER_EDR).row
    wrote = stack.row(ALDER_EDR, source).row.money
    assert wrote and row.money == -wrote
    assert (row.products, row.arithmetic) == ("edr", f"as before run {SYNCED}")
    assert row.message == f"undo of run {SYNCED}, which wrote 25"
    (message,) = stack.notices()
    assert "none: this run is about no usage" in message


def test_a_run_that_wrote_offers_its_undo_until_it_is_undone(stack: LocalStack) -> None:
    source = synced(stack)
    offered = {"action": "undo", "run_id": source.id, "by": "<your name>"}
    seen = stack.press({"action": "show", "run_id": source.id})
    assert seen["next"][-1]["event"] == offered

    stack.ask(undo_of())

    seen = stack.press({"action": "show", "run_id": source.id})
    assert not any(step.get("event") == offered for step in seen["next"])


def test_a_preview_of_an_undo_shows_it_writes_nothing_and_takes_no_turn(stack: LocalStack) -> None:
    synced(stack)
    patches = len(stack.patches())

    told = stack.ask(undo_of(preview=True))

    assert told["result"] == f"WROTE NOTHING: preview of the undo of run {SYNCED}, 2 to update"
    moves = {row["addition"]: (row["before"], row["target"]) for row in told["rows"]}
    assert moves == {ALDER_EDR: ("25", "24"), XENON_ITDR: ("22", "21")}
    assert (len(stack.patches()), quantities(stack)) == (patches, (25.0, 22.0, 20.0))
    assert stack.ask(undo_of())["result"].startswith("WROTE 2 quantities")


def test_a_reviewed_preview_of_an_undo_can_be_released_by_its_hash(stack: LocalStack) -> None:
    synced(stack)
    seen = stack.ask(undo_of(preview=True))

    told = stack.ask(release_of(seen))

    assert told["result"].startswith("WROTE 2 quantities: complete")
    assert quantities(stack) == (24.0, 21.0, 20.0)
    assert "a newer run wrote to Alder" in stack.ask(undo_of())["result"]


def test_an_undo_can_be_previewed_while_sync_is_off_but_not_written(stack: LocalStack) -> None:
    synced(stack)
    stack.set_settings(sync_enabled=False)

    assert "2 to update" in stack.ask(undo_of(preview=True))["result"]
    told = stack.ask(undo_of())

    assert told["result"].startswith("WROTE NOTHING: sync is off")
    assert (quantities(stack), stack.runs.active()) == ((25.0, 22.0, 20.0), None)


def test_a_release_can_be_undone(stack: LocalStack) -> None:
    source = synced(stack)
    released = stack.ask(release_of(stack.press({"action": "show", "run_id": source.id})))
    assert stack.quantity(XENON_EDR) == 200.0

    told = stack.ask(undo_of(released["run_id"]))

    assert told["result"].startswith("WROTE 1 quantity: complete")
    assert quantities(stack) == (25.0, 22.0, 20.0)


def test_what_a_run_wrote_can_be_undone_beside_what_was_released_from_it(
    stack: LocalStack,
) -> None:
    source = synced(stack)
    stack.ask(release_of(stack.press({"action": "show", "run_id": source.id})))

    told = stack.ask(undo_of())

    assert told["result"].startswith("WROTE 2 quantities: complete")
    assert quantities(stack) == (24.0, 21.0, 200.0)


def test_an_undo_can_be_undone_and_that_again(stack: LocalStack) -> None:
    synced(stack)
    first = stack.ask(undo_of())

    second = stack.ask(undo_of(first["run_id"]))
    assert quantities(stack) == (25.0, 22.0, 20.0)
    assert last_written(stack, ALDER_EDR) == ("25", second["run_id"])
    third = stack.ask(undo_of(second["run_id"]))

    assert third["result"].startswith("WROTE 2 quantities: complete")
    assert quantities(stack) == (24.0, 21.0, 20.0)
    assert last_written(stack, ALDER_EDR) == ("24", third["run_id"])


def test_companies_narrow_an_undo(stack: LocalStack) -> None:
    synced(stack)

    assert stack.ask(undo_of(companies=[XENON]))["result"].startswith("WROTE 1 quantity")
    assert quantities(stack) == (25.0, 21.0, 20.0)
    nobody = stack.ask(undo_of(companies=[999]))
    assert f"run {SYNCED} has no row of 999" in nobody["result"]
    assert stack.ask(undo_of(companies=[ALDER]))["result"].startswith("WROTE 1 quantity")

    assert quantities(stack) == (24.0, 21.0, 20.0)


def test_a_run_is_undone_once(stack: LocalStack) -> None:
    synced(stack)
    stack.ask(undo_of())
    patches = len(stack.patches())

    told = stack.ask(undo_of())

    assert f"run {SYNCED} has no written row to undo (any more)" in told["result"]
    assert (len(stack.patches()), stack.runs.active()) == (patches, None)


def test_two_people_undoing_at_once_write_once(stack: LocalStack) -> None:
    synced(stack)
    patches = len(stack.patches())

    one, two = stack.press(undo_of()), stack.press(undo_of(by="Bob"))
    stack.settle()

    runs = [stack.runs.get(each["run_id"]) for each in (one, two)]
    assert {run and run.verdict for run in runs} == {Verdict.COMPLETE, Verdict.REFUSED}
    assert (len(stack.patches()), quantities(stack)) == (patches + 2, (24.0, 21.0, 20.0))


def test_the_same_undo_asked_twice_at_once_is_one_run(stack: LocalStack) -> None:
    synced(stack)

    first, second = stack.press(undo_of()), stack.press(undo_of())

    assert first["run_id"] == second["run_id"]
    assert ended(stack, first["run_id"]).wrote == 2


def test_an_undo_refused_while_it_took_its_rows_spoils_nothing(stack: LocalStack) -> None:
    source = synced(stack)
    told = stack.press(undo_of())

    def taken_by_hand() -> None:
        state = stack.row(XENON_ITDR, source)
        assert stack.runs.mark_copied(source, state, by="000099-undo")

    with just_before(stack.memory, '"copied_by"', taken_by_hand):
        stack.settle()
    refused = stack.shown(told)

    assert "Xenon Labs: another run is just taking this row" in refused["result"]
    assert (quantities(stack), stack.runs.active()) == ((25.0, 22.0, 20.0), None)
    assert stack.ask(undo_of(companies=[ALDER]))["result"].startswith("WROTE 1 quantity")


def test_an_edit_since_the_run_stands_and_is_a_conflict(stack: LocalStack) -> None:
    synced(stack)
    stack.connectwise.edit_addition(ALDER_EDR, by="jmarsh", quantity=30.0)

    stack.ask(undo_of())

    run = ended(stack)
    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.CONFLICT, Reason.CHANGED_SINCE_PLAN)
    assert (run.verdict, run.wrote) == (Verdict.ATTENTION, 1)
    assert quantities(stack) == (30.0, 21.0, 20.0)
    assert stack.audit(ALDER_EDR, run.id) == []
    way_on = stack.press({"action": "show", "run_id": run.id})["next"]
    assert way_on[0]["do"].endswith("in ConnectWise, then set by hand what is wrong")


def test_what_somebody_set_back_by_hand_is_unchanged(stack: LocalStack) -> None:
    synced(stack)
    stack.connectwise.edit_addition(ALDER_EDR, by="jmarsh", quantity=24.0)

    told = stack.ask(undo_of())

    assert told["result"].startswith("WROTE 1 quantity: complete")
    assert stack.row(ALDER_EDR).row.outcome is Outcome.UNCHANGED


def test_a_run_is_not_undone_while_a_newer_write_of_its_additions_stands(stack: LocalStack) -> None:
    synced(stack)
    newer = written_again(stack)

    told = stack.ask(undo_of())

    overtaken = f"a newer run wrote to Alder & Finch Accountants (run {newer}); undo that one first"
    assert overtaken in told["result"]
    assert (quantities(stack), stack.runs.active()) == ((26.0, 22.0, 20.0), None)
    assert stack.ask(undo_of(companies=[XENON]))["result"].startswith("WROTE 1 quantity")


def test_runs_are_undone_one_after_the_other_the_newest_first(stack: LocalStack) -> None:
    synced(stack)
    newer = written_again(stack)
    stack.ask(undo_of(newer))

    told = stack.ask(undo_of())

    assert told["result"].startswith("WROTE 2 quantities: complete")
    assert quantities(stack) == (24.0, 21.0, 20.0)


def test_a_newer_sync_that_found_all_in_order_keeps_nobody_from_undoing(stack: LocalStack) -> None:
    synced(stack)
    assert stack.ask({})["result"].startswith("WROTE NOTHING")

    assert stack.ask(undo_of())["result"].startswith("WROTE 2 quantities")


def test_a_newer_preview_keeps_nobody_from_undoing(stack: LocalStack) -> None:
    synced(stack)
    stack.ask({"action": "preview"})

    assert stack.ask(undo_of())["result"].startswith("WROTE 2 quantities")


def test_an_unknown_an_open_and_a_writeless_run_are_refused_by_name(stack: LocalStack) -> None:
    stack.plan()
    assert f"run {SYNCED} is still applying" in stack.ask_now(undo_of())["result"]
    ended(stack, SYNCED)
    preview = stack.ask({"action": "preview"})["run_id"]
    again = stack.ask({})["run_id"]

    assert "run_id is '000099-sync', and no such run" in stack.ask(undo_of("000099-sync"))["result"]
    for run_id in (preview, again):
        assert f"run {run_id} wrote nothing" in stack.ask(undo_of(run_id))["result"]
    assert len(stack.patches()) == 2


def test_what_a_stopped_run_wrote_can_be_undone(stack: LocalStack) -> None:
    stack.plan()
    stack.deliver_message(stack.messages()[0])
    stack.ask({"action": "stop", "run_id": SYNCED, "by": "Ann"})
    assert ended(stack, SYNCED).verdict is Verdict.STOPPED and len(stack.patches()) == 1

    told = stack.ask(undo_of())

    assert told["result"].startswith("WROTE 1 quantity: complete")
    assert stack.connectwise.changed_fields_since(stack.before) == {}


def test_an_undo_while_another_run_is_writing_says_so(stack: LocalStack) -> None:
    synced(stack)
    busy = stack.ask_now(undo_of(companies=[ALDER]))

    refused = stack.ask_now(undo_of(companies=[XENON]))

    assert f"run {busy['run_id']} is writing" in refused["result"]
    assert ended(stack, busy["run_id"]).wrote == 1
    assert stack.quantity(XENON_ITDR) == 22.0


def test_an_addition_nobody_is_billed_through_any_more_gets_its_quantity_back(
    stack: LocalStack,
) -> None:
    synced(stack)
    mapping = {"pk": "MAPPING", "sk": f"ORG#{ALDER_ORGANIZATION}"}
    stack.config.delete_item(Key=mapping)
    seen = stack.ask({})
    orphaned = {row["addition"]: row for row in seen["rows"] if row["reason"] == "orphaned"}
    held = {addition_id: stack.quantity(addition_id) for addition_id in orphaned}
    zeroed = stack.ask(release_of(seen, companies=[ALDER]))
    assert ALDER_EDR in held and {stack.quantity(one) for one in held} == {0.0}

    told = stack.ask(undo_of(zeroed["run_id"]))

    assert told["result"].startswith(f"WROTE {len(held)} quantities: complete")
    assert {one: stack.quantity(one) for one in held} == held


def test_an_undone_invoice_stays_taken_and_its_values_wait_for_a_release(
    stack: LocalStack, clock: Any
) -> None:
    synced(stack)
    stack.ask(undo_of())
    clock.shift(2 * 3600)
    stack.tick()
    stack.settle()
    assert (stack.invoice.key, stack.invoice.run_id) == (NEW_INVOICE, SYNCED)
    assert quantities(stack) == (24.0, 21.0, 20.0)

    told = stack.ask({})

    again = stack.ask({})

    assert told["result"].startswith("WROTE NOTHING: held, 3 held")
    reasons = {row["addition"]: row["reason"] for row in again["rows"]}
    assert (reasons[ALDER_EDR], reasons[XENON_ITDR]) == ("undone", "undone")
    assert quantities(stack) == (24.0, 21.0, 20.0)
    released = stack.ask(release_of(again, companies=[ALDER]))
    assert released["result"].startswith("WROTE 1 quantity")
    assert stack.ask({"companies": [ALDER]})["result"].startswith("WROTE NOTHING: complete")


def test_what_somebody_set_is_still_an_edit_after_its_release_was_undone(
    stack: LocalStack, clock: Any
) -> None:
    synced(stack)
    stack.connectwise.edit_addition(ALDER_EDR, by="jmarsh", quantity=42.0)
    held = stack.ask({"companies": [ALDER]})
    released = stack.ask(release_of(held))
    assert stack.quantity(ALDER_EDR) == 25.0

    stack.ask(undo_of(released["run_id"]))

    assert (stack.quantity(ALDER_EDR), last_written(stack, ALDER_EDR)[0]) == (42.0, "25")
    in_this_cycle = stack.ask({"companies": [ALDER]})
    row = next(row for row in in_this_cycle["rows"] if row["addition"] == ALDER_EDR)
    assert (row["outcome"], row["reason"]) == ("held", "undone")
    assert "from 25 (our last write) to 42" in row["message"]

    clock.shift(31 * 24 * 3600)
    next_month = stack.world.new_invoice(datetime.now(UTC)) | {"id": 5004}
    stack.huntress.add_invoice(next_month)
    stack.tick()
    stack.settle()

    state = stack.row(ALDER_EDR, ended(stack))
    assert (state.row.outcome, state.row.reason) == (Outcome.HELD, Reason.EDITED)
    assert stack.quantity(ALDER_EDR) == 42.0


def test_an_undo_whose_planner_died_is_taken_up_by_the_sweep(stack: LocalStack, clock: Any) -> None:
    synced(stack)
    told = stack.press(undo_of())
    stack.put_events()
    clock.shift(16 * 60)
    stack.tick()

    run = ended(stack, told["run_id"])

    assert (run.status, run.wrote, quantities(stack)) == (Status.CLOSED, 2, (24.0, 21.0, 20.0))
