"""What a run wrote is looked at again for a cycle; what is not as written is told, never mended."""

from typing import Any

import pytest

from billing_sync.domain.apply.drift import DriftKind
from billing_sync.domain.event_types import DRIFT_FOUND
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Pending
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR
from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.vendors.messages import Call

MINUTE, DAY = 60, 24 * 3600
LATER = {"Retry-After": "3600"}
pytestmark = pytest.mark.companies(ALDER)
TRAIL_REFUSED = [
    {"status": 403},
    {"status": 404},
    {"status": 403, "body": "<html>", "content_type": "text/html"},
    {"status": 400, "body": '"It does not support the API version."'},
]


def drifts(stack: LocalStack) -> list[tuple[DriftKind, float, float, str]]:
    """What was found after the newest run: kind, ours, found, by whom."""
    return [
        (each.kind, float(each.ours), float(each.found), each.by)
        for each in stack.drifts.of(stack.newest())
    ]


def later(stack: LocalStack, clock: Any, seconds: float) -> list[str]:
    """Time passes, the schedule beats once, everything is delivered; what people were told."""
    clock.shift(seconds)
    stack.tick()
    stack.settle()
    return stack.notices()


def test_a_quantity_changed_after_our_write_is_told_once_with_who_and_when(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    ended(stack)
    assert later(stack, clock, 11 * MINUTE) == []
    stack.connectwise.edit_addition(ALDER_EDR, quantity=31.0, by="jsmith")

    (told,) = later(stack, clock, DAY)

    assert drifts(stack) == [(DriftKind.CHANGED, 25.0, 31.0, "jsmith")]
    assert "1 quantity is not what run 000001-sync left" in told
    when = stack.connectwise.state.additions[ALDER_EDR]["_info"]["lastUpdated"]
    assert f"we wrote 25, and jsmith changed it at {when}. It holds 31" in told
    assert "UTC jsmith: Quantity changed from 25.00 to 31.00." in told
    assert "jsmith changed it" in stack.report("000001-sync")
    assert stack.press({"action": "show", "run_id": "000001-sync"})["changed_since"]
    assert later(stack, clock, DAY) == [] and stack.quantity(ALDER_EDR) == 31.0


@pytest.mark.parametrize("earlier_saves", [0, 1000], ids=str)
def test_an_edit_between_our_read_and_our_write_is_found_in_connectwise_own_trail(
    stack: LocalStack, clock: Any, earlier_saves: int
) -> None:
    entry = {"text": "Saved.", "enteredDate": "2026-01-02T03:04:05Z", "enteredBy": "jsmith"}
    saved = {**entry, "auditType": "Addition", "auditSubType": "Record", "auditSource": "API"}
    # ConnectWise answers 1,000 on a page.
    stack.connectwise.state.audit += [(ALDER_EDR, saved)] * earlier_saves

    def edit(_: Call) -> None:
        stack.connectwise.edit_addition(ALDER_EDR, quantity=31.0, by="jsmith")

    stack.connectwise.before("PATCH", str(ALDER_EDR), edit)
    stack.sync()
    assert stack.row(ALDER_EDR).row.outcome is Outcome.UPDATED
    stack.notices()

    (told,) = later(stack, clock, 11 * MINUTE)

    assert drifts(stack) == [(DriftKind.OVERWRITTEN, 25.0, 25.0, "jsmith")]
    assert "jsmith saved it while we wrote 25: Quantity changed from 24.00 to 31.00" in told


def test_a_write_that_lands_after_its_row_ended_is_found(stack: LocalStack, clock: Any) -> None:
    late: list[Call] = []
    stack.connectwise.before("PATCH", str(ALDER_EDR), late.append)
    stack.connectwise.add_fault(Fault(FaultKind.DROP_BEFORE, method="PATCH"))
    stack.sync()
    stack.connectwise.edit_addition(ALDER_EDR, quantity=31.0, by="jsmith")
    clock.shift(255)
    stack.settle()
    assert stack.row(ALDER_EDR).row.outcome is Outcome.CONFLICT
    ended(stack)
    stack.connectwise.answer(late[0])

    (told,) = later(stack, clock, 11 * MINUTE)

    assert drifts(stack) == [(DriftKind.LANDED, 25.0, 25.0, "BillingSync")]
    assert "the row ended as conflict, but our write of 25 is there now" in told


def test_a_lost_word_of_drift_is_told_at_the_next_look(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    stack.connectwise.edit_addition(ALDER_EDR, quantity=31.0)
    stack.notices()
    clock.shift(11 * MINUTE)
    stack.tick()
    assert [event["detail-type"] for event in stack.put_events()] == [DRIFT_FOUND]

    assert len(later(stack, clock, DAY + MINUTE)) == 1


def test_nothing_is_looked_at_once_the_next_invoice_is_due(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    ended(stack)
    later(stack, clock, 11 * MINUTE)
    stack.connectwise.edit_addition(ALDER_EDR, quantity=31.0)

    assert later(stack, clock, 13 * DAY) == [] and drifts(stack) == []


def test_what_was_written_after_the_date_of_the_next_invoice_is_looked_at_too(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    sync = ended(stack)
    clock.shift(13 * DAY)
    stack.ask({"action": "undo", "run_id": sync.id, "by": "Ann"})
    stack.notices()
    stack.connectwise.edit_addition(ALDER_EDR, quantity=31.0, by="jsmith")

    (told,) = later(stack, clock, 11 * MINUTE)

    assert (DriftKind.CHANGED, 24.0, 31.0, "jsmith") in drifts(stack)
    assert "we wrote 24, and jsmith changed it" in told


def test_a_row_that_a_later_run_wrote_is_that_runs_business(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    ended(stack)
    clock.shift(MINUTE)
    stack.connectwise.edit_addition(ALDER_EDR, quantity=24.0)
    held = stack.ask({})
    reviewed = {"run_id": held["run_id"], "plan_hash": held["plan_hash"]}
    stack.ask({"action": "release", "by": "Ann", **reviewed})
    stack.notices()

    assert later(stack, clock, 11 * MINUTE) == []
    assert [list(stack.drifts.of(run)) for run in stack.all_runs()] == [[], [], []]


@pytest.mark.parametrize("refusal", TRAIL_REFUSED, ids=str)
def test_a_role_that_may_not_read_trails_is_no_trouble(
    stack: LocalStack, clock: Any, refusal: dict[str, Any]
) -> None:
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path="audittrail", times=0, **refusal))
    stack.sync()
    ended(stack)

    assert later(stack, clock, 11 * MINUTE) == []
    assert stack.newest().watched_at
    stack.connectwise.edit_addition(ALDER_EDR, quantity=31.0, by="jsmith")
    (told,) = later(stack, clock, DAY)
    assert "jsmith changed it" in told and "audit trail" not in told


def test_an_agreement_that_cannot_be_looked_at_is_not_taken_for_clean(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    ended(stack)
    clock.shift(11 * MINUTE)
    stack.connectwise.bundles_status = 404
    gone = Fault(FaultKind.STATUS, path="/agreements/3010/additions", status=404, times=0)
    stack.connectwise.add_fault(gone)

    assert "1 agreements could not be read" in stack.tick()


def test_a_look_that_fails_is_told_and_tried_again(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    ended(stack)
    clock.shift(11 * MINUTE)
    down = Fault(FaultKind.STATUS, path="/myMembers/info", status=503, headers=LATER)
    stack.connectwise.add_fault(down)

    assert "what it wrote could not be looked at" in stack.tick()
    assert "could not" not in stack.tick() and stack.newest().watched_at


def test_a_look_without_time_goes_on_at_the_next_tick(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    ended(stack)
    clock.shift(11 * MINUTE)

    stack.tick(seconds=59)
    assert stack.newest().watched_at is None
    stack.tick()
    assert stack.newest().watched_at


def test_a_changed_quantity_is_found_after_any_number_of_newer_runs(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    ended(stack)
    for number in range(21):
        stack.ask({"action": "forecast", "by": f"Ann {number}"})
    stack.notices()
    stack.connectwise.edit_addition(ALDER_EDR, quantity=31.0, by="jsmith")

    (message,) = later(stack, clock, DAY)

    assert "1 quantity is not what run 000001-sync left" in message


def test_after_its_last_look_a_run_is_not_watched_any_more(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    run = ended(stack)
    for days in (1, 33):
        clock.shift(days * DAY)
        stack.tick()
    assert stack.runs.pending(Pending.WATCH) == (run.id,)

    clock.shift(DAY)
    stack.tick()

    assert stack.runs.pending(Pending.WATCH) == ()
