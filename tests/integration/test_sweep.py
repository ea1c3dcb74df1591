"""What stands still is found at the next ticks: dead planners, lost messages, lost words."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from billing_sync.adapters.ledger.items import to_item
from billing_sync.domain.apply.row_state import OpenCompany, Permit
from billing_sync.domain.event_types import FINISHED
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Pending, Status, Verdict
from tests.integration.crashes import just_before, ledger_down
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    COPPERFIELD,
    COPPERFIELD_EDR,
    COPPERFIELD_SAT,
)
from tools.sandbox.vendors.faults import Fault, FaultKind

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def once(action: Callable[[], object]) -> Callable[[object], None]:
    """A listener that does this at the first call and nothing at later ones."""
    waiting = [action]
    return lambda _: waiting.pop()() and None if waiting else None


def test_a_planner_that_died_before_its_commit_is_planned_again(
    stack: LocalStack, clock: Any
) -> None:
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()
    with ledger_down(stack.memory, "BatchWriteItem", at=2), pytest.raises(EndpointConnectionError):
        stack.deliver_event(event)
    run = stack.newest()
    assert (run.status, stack.runs.active()) == (Status.PLANNING, run.id)
    clock.shift(16 * MINUTE)
    stack.tick()

    assert ended(stack, run.id).wrote == 3
    assert len(stack.all_runs()) == 1


def test_a_planner_that_died_between_commit_and_send_is_finished_by_the_sweep(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    stack.taken(stack.aws.companies)
    run = stack.newest()
    for company in stack.runs.open_companies(run):
        key = {"pk": f"RUN#{run.id}", "sk": f"OPEN#0001#{company.company_id}"}
        stack.ledger.put_item(Item={**key, **to_item(OpenCompany(company.company_id))})
    clock.shift(16 * MINUTE)

    assert "2 companies sent that were not" in stack.tick()

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 3)


def test_a_sweep_without_time_leaves_the_sending_to_the_next_one(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    stack.taken(stack.aws.companies)
    clock.shift(16 * MINUTE)
    run = stack.newest()
    for company in stack.runs.open_companies(run):
        stack.runs.mark_sent(run, replace(company, sent=0), at=run.requested_at)

    assert "2 companies are still to be sent" in stack.tick(seconds=29)
    assert "2 companies sent that were not" in stack.tick()

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 3)


def test_lost_messages_are_sent_again_after_an_hour_without_any_movement(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    stack.taken(stack.aws.companies)
    clock.shift(55 * MINUTE)
    stack.tick()
    assert stack.messages() == []
    clock.shift(6 * MINUTE)

    assert "stalled: 2 companies sent again" in stack.tick()

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 3)


def test_nothing_is_sent_again_while_messages_are_anywhere(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    clock.shift(3 * HOUR)

    assert "stalled" not in stack.tick()

    assert ended(stack).wrote == 3


def test_a_company_that_nobody_can_move_is_given_up_after_three_more_messages(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    sent = 0
    while stack.newest().open:
        sent += len(stack.taken(stack.aws.companies))
        clock.shift(61 * MINUTE)
        stack.tick()

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (sent, run.verdict) == (2 * 4, Verdict.FAILED)
    assert (row.outcome, row.reason) == (Outcome.FAILED, Reason.TOO_MANY_ATTEMPTS)
    assert "asked 4 times and never finished" in row.message
    assert stack.untouched()


@pytest.mark.companies(ALDER)
def test_a_write_whose_worker_died_is_read_before_it_is_given_up(
    stack: LocalStack, clock: Any
) -> None:
    stack.connectwise.add_fault(Fault(FaultKind.DROP_AFTER, method="PATCH"))
    stack.sync()
    while stack.newest().open:
        clock.shift(61 * MINUTE)
        stack.taken(stack.aws.companies)
        stack.tick()

    run = ended(stack)

    assert (run.verdict, run.wrote) == (Verdict.COMPLETE, 1)
    assert stack.audit(ALDER_EDR)[-1] == ("result", 1, "updated")


def test_a_run_past_its_deadline_ends_as_incomplete_and_never_as_success(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    first, _ = stack.messages()
    stack.deliver_message(first)
    (agreements, *_) = stack.connectwise.state.security
    agreements["editLevel"] = "None"
    clock.shift(31 * MINUTE)
    stack.settle()
    assert stack.newest().status is Status.PAUSED
    clock.shift(48 * HOUR)
    assert "past its deadline" in stack.tick()
    stack.tick()

    run = ended(stack)

    assert (run.verdict, run.wrote, run.outcomes["failed"]) == (Verdict.INCOMPLETE, 1, 2)


def test_a_paused_run_is_found_behind_any_number_of_newer_runs(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    paused = stack.newest().id
    stack.connectwise.credentials = ("demo+pub", "rotated")
    stack.settle()
    for number in range(21):
        stack.ask({"action": "preview", "by": f"Ann {number}"})
    stack.put_connectwise_secret(private_key="rotated")
    clock.shift(20 * MINUTE)
    stack.tick()

    assert ended(stack, paused).wrote == 3


def test_a_lost_end_is_told_again_and_people_hear_of_it_once(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    stack.deliver_messages()
    stack.deliver_messages()
    (lost,) = stack.put_events()
    assert lost["detail-type"] == FINISHED and stack.notices() == []
    clock.shift(9 * MINUTE)
    stack.tick()
    assert stack.put_events() == []
    clock.shift(2 * MINUTE)

    assert "announced again" in stack.tick()

    assert ended(stack).announced_at is not None


def test_a_request_nobody_ever_planned_is_given_up_and_told(stack: LocalStack, clock: Any) -> None:
    told = stack.press({})
    for _ in range(5):
        stack.put_events()
        clock.shift(30 * MINUTE)
        stack.tick()

    run = stack.runs.get(told["run_id"])
    assert run and (run.verdict, run.open) == (Verdict.INCOMPLETE, False)
    assert "no planner finished it" in run.note and stack.untouched()


def test_a_request_that_goes_on_for_hours_is_not_given_up(stack: LocalStack, clock: Any) -> None:
    run_id = stack.press({"action": "preview"})["run_id"]
    for _ in range(10):
        stack.deliver_events(seconds=119)
        clock.shift(14 * MINUTE)
        assert run_id not in stack.tick()

    assert ended(stack, run_id).verdict is Verdict.PREVIEWED


def test_a_stack_at_rest_is_left_alone(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    ended(stack)
    clock.shift(DAY)
    stack.tick()
    run = stack.newest()

    assert stack.tick() == "3 invoices seen, 0 put"

    assert stack.put_events() == [] and stack.runs.get(run.id) == run


def test_a_run_is_announced_after_any_number_of_newer_runs(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    stack.deliver_messages()
    stack.deliver_messages()
    lost = stack.newest()
    stack.put_events()
    for number in range(21):
        stack.ask({"action": "forecast", "by": f"Ann {number}"})
    assert stack.runs.get(lost.id) == lost and lost.announced_at is None
    stack.notices()
    clock.shift(11 * MINUTE)
    stack.tick()

    assert ended(stack, lost.id).announced_at is not None
    stack.tick()
    assert stack.runs.pending(Pending.ANNOUNCE) == ()


def test_a_run_whose_marker_was_lost_is_not_closed_over_its_open_row(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    run = stack.newest()
    stack.taken(stack.aws.companies)
    for company in stack.runs.open_companies(run):
        stack.runs.company_done(run, company.company_id)
    stack.tick()
    assert stack.newest().status is Status.APPLYING

    clock.shift(49 * HOUR)
    stack.tick()
    stack.tick()

    run = ended(stack)
    assert (run.verdict, run.outcomes["failed"]) == (Verdict.INCOMPLETE, 3)
    assert stack.untouched()


@pytest.mark.companies(COPPERFIELD)
def test_a_company_that_is_being_given_up_is_not_written_any_more(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    (message,) = stack.messages()
    stack.connectwise.add_fault(Fault(FaultKind.DROP_BEFORE, method="PATCH"))
    busy = {"status": 503, "headers": {"Retry-After": "3600"}}
    path = f"/additions/{COPPERFIELD_SAT}$"
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path=path, **busy))
    stack.deliver_message(message)
    first = stack.patches()
    for _ in range(3):
        clock.shift(61 * MINUTE)
        stack.taken(stack.aws.companies)
        stack.tick()
    clock.shift(61 * MINUTE)
    stack.taken(stack.aws.companies)
    late = partial(stack.deliver_message, message)  # a worker that SQS had forgotten
    stack.connectwise.before("GET", f"/additions/{COPPERFIELD_EDR}", once(late))
    stack.tick()

    run = ended(stack)

    assert stack.patches() == first
    assert (run.verdict, run.wrote) == (Verdict.FAILED, 0)


def test_a_run_past_its_deadline_has_no_permit_left_before_its_rows_are_ended(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    clock.shift(49 * HOUR)
    stack.connectwise.add_fault(Fault(FaultKind.DROP_BEFORE, method="PATCH", times=0))
    stack.settle()
    stack.tick()

    run = stack.newest()

    stack.tick()
    companies = stack.runs.open_companies(run)
    assert run.status is Status.ENDING
    assert {company.permit for company in companies} == {Permit.REVOKED} and len(companies) == 2


def test_a_run_that_was_stopped_while_it_resumed_gets_no_permit_back(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    stack.connectwise.credentials = ("demo+pub", "rotated")
    stack.settle()
    run = stack.newest()
    assert run.status is Status.PAUSED
    assert {c.permit for c in stack.runs.open_companies(run)} == {Permit.REVOKED}
    stack.put_connectwise_secret(private_key="rotated")
    clock.shift(20 * MINUTE)
    stop = {"action": "stop", "run_id": run.id, "by": "Ann"}
    with just_before(stack.memory, "ConditionCheck", lambda: stack.press(stop)):
        stack.tick()

    assert {c.permit for c in stack.runs.open_companies(run)} == {Permit.REVOKED}
    assert ended(stack).verdict is Verdict.STOPPED


def test_a_resume_that_died_before_its_permits_is_gone_on_with(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    stack.connectwise.credentials = ("demo+pub", "rotated")
    stack.settle()
    stack.put_connectwise_secret(private_key="rotated")
    clock.shift(20 * MINUTE)
    with (
        ledger_down(stack.memory, "TransactWriteItems"),
        pytest.raises(EndpointConnectionError),
    ):
        stack.tick()
    assert stack.newest().status is Status.APPLYING and stack.messages() == []

    assert "2 companies sent that were still paused" in stack.tick()

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 3)


def test_a_run_is_not_closed_before_its_last_marker_is_gone(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    first, second = stack.messages()
    stack.deliver_message(first)
    with ledger_down(stack.memory, "DeleteItem"), pytest.raises(EndpointConnectionError):
        stack.deliver_message(second)
    stack.tick()
    assert stack.newest().status is Status.APPLYING

    clock.shift(31 * MINUTE)

    assert ended(stack).wrote == 3
