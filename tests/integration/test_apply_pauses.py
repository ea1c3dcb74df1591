"""Credentials, permissions and limits of ConnectWise while a run is applying: wait, never lose."""

from typing import Any

import pytest

from billing_sync.domain.runs.run import Status, Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, COPPERFIELD
from tools.sandbox.vendors.faults import Fault, FaultKind

pytestmark = pytest.mark.companies(ALDER)
RESUMED = 16 * 60
SETTLED = 255  # seconds; whoever refused a write may have let it through


def too_many(seconds: int, **fields: Any) -> Fault:
    headers = {"Retry-After": str(seconds)}
    return Fault(FaultKind.STATUS, status=429, headers=headers, **fields)


def test_too_many_reads_hands_the_message_back_for_as_long_as_asked(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    stack.connectwise.add_fault(too_many(600, method="GET", path=f"/additions/{ALDER_EDR}"))
    stack.settle()
    assert len(stack.replies[-1]["batchItemFailures"]) == 1
    clock.shift(590)
    assert stack.deliver_messages() == 0
    clock.shift(15)

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 1)


def test_too_many_writes_hands_the_message_back_and_writes_once(
    stack: LocalStack, clock: Any
) -> None:
    stack.connectwise.add_fault(too_many(40, method="PATCH"))
    stack.sync()
    clock.shift(35)
    assert stack.deliver_messages() == 0
    clock.shift(10)
    stack.settle()
    assert len(stack.patches()) == 1
    clock.shift(SETTLED)

    run = ended(stack)

    assert (run.verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)
    assert len(stack.connectwise.quantity_changes) == 1
    assert stack.audit(ALDER_EDR) == [
        ("intent", 1, ""),
        ("intent", 2, ""),
        ("result", 2, "updated"),
    ]


@pytest.mark.parametrize("seconds", ["86400", "9" * 400], ids=["a day", "for ever"])
def test_a_wait_longer_than_sqs_allows_is_eleven_hours(
    stack: LocalStack, clock: Any, seconds: str
) -> None:
    stack.plan()
    asked = {"status": 429, "headers": {"Retry-After": seconds}}
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path=f"/additions/{ALDER_EDR}", **asked))
    stack.settle()
    assert len(stack.replies[-1]["batchItemFailures"]) == 1
    clock.shift(11 * 3600 - 60)
    assert stack.deliver_messages() == 0
    clock.shift(120)

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 1)


def test_from_the_fifth_delivery_a_message_waits_five_minutes_at_least(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    stack.connectwise.add_fault(too_many(60, times=0, path="/additions/"))
    for _ in range(5):
        (message,) = stack.messages()
        stack.deliver_message(message, seconds=61)
        clock.shift(62)
    assert stack.deliver_messages() == 0
    clock.shift(300 - 62)
    assert len(stack.messages()) == 1
    stack.connectwise.clear_faults()
    clock.shift(3600)

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 1)


def test_connectwise_in_trouble_is_asked_again_later_and_later(
    stack: LocalStack, clock: Any
) -> None:
    down = {"status": 503, "headers": {"Retry-After": "1000"}}
    stack.plan()
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, times=0, path="/additions/", **down))
    stack.settle()
    assert stack.newest().status is Status.APPLYING
    stack.connectwise.clear_faults()
    clock.shift(1005)

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 1)


@pytest.mark.companies(ALDER, COPPERFIELD)
def test_keys_changed_in_the_secret_are_taken_up_without_a_pause(stack: LocalStack) -> None:
    stack.plan()
    first, second = stack.messages()
    stack.deliver_message(first)
    stack.connectwise.credentials = ("demo+pub", "rotated")
    stack.put_connectwise_secret(private_key="rotated")
    stack.deliver_message(second)

    run = ended(stack)

    assert (run.verdict, run.pause_reason, run.paused_at) == (Verdict.COMPLETE, "", None)


@pytest.mark.companies(ALDER, COPPERFIELD)
def test_revoked_keys_pause_the_run_until_new_ones_work(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    stack.connectwise.credentials = ("demo+pub", "rotated")
    stack.settle()
    run = stack.newest()
    assert run.status is Status.PAUSED and "private_key" in run.pause_reason
    assert stack.messages() == [] and stack.runs.active() == run.id
    clock.shift(RESUMED)
    assert "still paused" in stack.tick()
    stack.put_connectwise_secret(private_key="rotated")
    clock.shift(RESUMED)

    assert "resumed, 2 companies sent" in stack.tick()

    run = ended(stack)
    assert (run.verdict, run.wrote, len(stack.patches())) == (Verdict.COMPLETE, 3, 3)


def test_a_404_that_means_wrong_keys_pauses_and_blocks_nothing(
    stack: LocalStack, clock: Any
) -> None:
    stack.connectwise.codebase = "v4_6_release/"
    stack.connectwise.wrong_credentials_as_404 = True
    stack.plan()
    right = stack.connectwise.credentials
    stack.connectwise.credentials = ("demo+pub", "rotated")
    stack.settle()
    assert stack.newest().status is Status.PAUSED
    stack.connectwise.credentials = right
    clock.shift(RESUMED)
    stack.tick()

    assert (ended(stack).verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)


def test_a_missing_right_to_edit_pauses_and_names_it(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    (agreements, *_) = stack.connectwise.state.security
    agreements["editLevel"] = "None"
    stack.settle()
    run = stack.newest()
    assert run.status is Status.PAUSED
    assert "Finance > Agreements: Edit Level All" in run.pause_reason
    told = stack.press({"action": "show", "run_id": run.id})
    assert "Edit Level All" in told["result"]
    agreements["editLevel"] = "All"
    clock.shift(RESUMED)
    stack.tick()

    assert (ended(stack).verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)
    assert len(stack.connectwise.quantity_changes) == 1


def test_a_right_given_only_the_next_day_still_finishes_the_run(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    (agreements, *_) = stack.connectwise.state.security
    agreements["editLevel"] = "None"
    for _ in range(10):
        stack.settle()
        clock.shift(2 * 3600)
        stack.tick()
    agreements["editLevel"] = "All"
    stack.settle()
    clock.shift(RESUMED)
    stack.tick()

    run = ended(stack)

    assert (run.verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)


def test_an_invocation_short_of_time_leaves_the_rest_to_the_next(stack: LocalStack) -> None:
    stack.plan()
    (message,) = stack.messages()

    reply = stack.deliver_message(message, seconds=50)

    assert len(reply["batchItemFailures"]) == 1
    assert stack.untouched() and stack.audit(ALDER_EDR) == []
    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 1)
