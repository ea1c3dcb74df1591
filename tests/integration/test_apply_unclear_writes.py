"""A PATCH whose answer is lost, late or wrong: looked at after it settled, never guessed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing_sync.compose.invocation import now
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR
from tools.sandbox.vendors.faults import Fault, FaultKind

pytestmark = pytest.mark.companies(ALDER)
SETTLED = 255  # seconds; ten to send it, two minutes for its answer, two to land after that
LATER = {"Retry-After": "3600"}


def spoilt(stack: LocalStack, kind: FaultKind, **fields: Any) -> None:
    """The first PATCH goes wrong, and everything else goes on until nothing moves."""
    stack.connectwise.add_fault(Fault(kind, method="PATCH", path=str(ALDER_EDR), **fields))
    stack.sync()


APPLIED = [
    {"kind": FaultKind.DROP_AFTER},
    {"kind": FaultKind.CUT_OFF},
    {"kind": FaultKind.TRUNCATE},
    {"kind": FaultKind.CONTENT_TYPE, "content_type": "text/html"},
]
NOT_APPLIED = [
    {"kind": FaultKind.DROP_BEFORE},
    {"kind": FaultKind.STATUS, "status": 500},
    {"kind": FaultKind.STATUS, "status": 503, "headers": {"Retry-After": "5"}},
    {"kind": FaultKind.STATUS, "status": 200, "body": "<html>", "content_type": "text/html"},
    {"kind": FaultKind.STATUS, "status": 200, "body": '{"id": 1}'},
    {"kind": FaultKind.REDIRECT, "location": "https://na.myconnectwise.net/elsewhere"},
]


@pytest.mark.parametrize("fault", APPLIED, ids=lambda fault: fault["kind"])
def test_a_write_whose_answer_was_lost_is_not_written_twice(
    stack: LocalStack, clock: Any, fault: dict[str, Any]
) -> None:
    spoilt(stack, **fault)
    assert stack.newest().open and stack.audit(ALDER_EDR) == [("intent", 1, "")]
    clock.shift(60)
    assert stack.deliver_messages() == 0
    clock.shift(SETTLED - 60)

    run = ended(stack)

    assert (run.verdict, run.wrote, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 1, 25.0)
    assert len(stack.patches()) == 1
    assert stack.audit(ALDER_EDR) == [("intent", 1, ""), ("result", 1, "updated")]


@pytest.mark.parametrize("fault", NOT_APPLIED, ids=str)
def test_a_write_that_never_landed_is_written_once_more(
    stack: LocalStack, clock: Any, fault: dict[str, Any]
) -> None:
    spoilt(stack, **fault)
    assert stack.newest().open and stack.quantity(ALDER_EDR) == 24.0
    clock.shift(60)
    assert stack.deliver_messages() == 0
    clock.shift(SETTLED - 60)

    run = ended(stack)

    assert (run.verdict, run.wrote, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 1, 25.0)
    assert len(stack.patches()) == 2 and len(stack.connectwise.quantity_changes) == 1
    assert stack.audit(ALDER_EDR) == [
        ("intent", 1, ""),
        ("intent", 2, ""),
        ("result", 2, "updated"),
    ]


def test_a_write_that_lands_late_is_found_and_not_repeated(stack: LocalStack, clock: Any) -> None:
    spoilt(stack, FaultKind.DROP_BEFORE)
    clock.shift(100)
    stack.connectwise.edit_addition(ALDER_EDR, by="BillingSync", quantity=25.0)
    clock.shift(SETTLED - 100)

    run = ended(stack)

    assert (run.verdict, run.wrote) == (Verdict.COMPLETE, 1)
    assert len(stack.patches()) == 1


def test_a_delivery_before_the_write_settled_decides_nothing(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    (message,) = stack.messages()
    stack.connectwise.add_fault(Fault(FaultKind.DROP_BEFORE, method="PATCH"))
    stack.deliver_message(message)
    clock.shift(90)

    reply = stack.deliver_message(message)

    assert len(reply["batchItemFailures"]) == 1
    assert stack.audit(ALDER_EDR) == [("intent", 1, "")]
    assert len(stack.patches()) == 1
    clock.shift(SETTLED)
    assert ended(stack).wrote == 1


def test_a_write_waits_for_its_pace_before_its_intent_and_is_sent_at_once_after(
    stack: LocalStack,
) -> None:
    stack.plan()
    stack.put_connectwise_secret(calls_per_minute=2)
    asked_at = []
    stack.connectwise.before("GET", "/agreements/3010$", lambda _: asked_at.append(now()))
    stack.deliver_messages()

    intent, (patch,) = stack.row(ALDER_EDR).intent, stack.patches()
    assert intent and intent.at - asked_at[-1] >= timedelta(seconds=29)
    assert timedelta(0) <= patch.at - intent.at < timedelta(seconds=10)
    assert ended(stack).verdict is Verdict.COMPLETE


def test_nothing_is_asked_between_intent_and_write_even_if_the_secret_changes(
    stack: LocalStack, clock: Any
) -> None:
    def changed(*_: object) -> None:
        stack.put_connectwise_secret(calls_per_minute=50_000)
        clock.shift(301)  # until the secret is read again

    stack.plan()
    stack.connectwise.after("GET", "/agreements/3010$", changed)
    stack.deliver_messages()

    asked = [(request.method, request.path) for request in stack.connectwise.requests]
    (write,) = [at for at, (method, _) in enumerate(asked) if method == "PATCH"]
    assert asked[write - 1][1].endswith("/agreements/3010")


def test_five_attempts_that_never_land_end_as_failed(stack: LocalStack, clock: Any) -> None:
    spoilt(stack, FaultKind.DROP_BEFORE, times=0)
    for _ in range(5):
        clock.shift(300)  # from the fifth delivery on, a message waits as long at least
        stack.settle()

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.FAILED, Reason.TOO_MANY_ATTEMPTS)
    assert (run.verdict, len(stack.patches()), stack.quantity(ALDER_EDR)) == ("failed", 5, 24.0)


def test_a_200_that_changes_nothing_is_failed_and_told(stack: LocalStack) -> None:
    spoilt(stack, FaultKind.IGNORE)

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.FAILED, Reason.ACCEPTED_BUT_UNCHANGED)
    assert "accepted 25 but still holds 24" in row.message
    assert (run.verdict, run.wrote, len(stack.patches())) == (Verdict.FAILED, 0, 1)
    assert stack.audit(ALDER_EDR) == [("intent", 1, ""), ("result", 1, "failed")]


def test_a_200_that_shows_what_it_did_not_do_is_not_believed(stack: LocalStack) -> None:
    spoilt(stack, FaultKind.LIE)

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.FAILED, Reason.ACCEPTED_BUT_UNCHANGED)
    assert (run.verdict, stack.quantity(ALDER_EDR)) == (Verdict.FAILED, 24.0)


@pytest.mark.parametrize("fault", [{"status": 404}, {"status": 503, "headers": LATER}], ids=str)
def test_a_write_that_cannot_be_read_back_is_looked_at_again(
    stack: LocalStack, clock: Any, fault: dict[str, Any]
) -> None:
    path = f"/additions/{ALDER_EDR}$"
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, method="GET", path=path, nth=2, **fault))
    stack.sync()
    assert stack.newest().open and stack.quantity(ALDER_EDR) == 25.0
    clock.shift(61 * 60)
    stack.settle()

    run = ended(stack)

    assert (run.verdict, run.wrote, len(stack.patches())) == (Verdict.COMPLETE, 1, 1)


def test_a_write_undone_at_once_by_somebody_else_is_a_conflict(stack: LocalStack) -> None:
    def undo(*_: object) -> None:
        stack.connectwise.edit_addition(ALDER_EDR, quantity=19.0)

    stack.connectwise.add_fault(Fault(FaultKind.IGNORE, method="PATCH"))
    stack.connectwise.after("PATCH", str(ALDER_EDR), undo)
    stack.sync()

    run = ended(stack)

    assert stack.row(ALDER_EDR).row.outcome is Outcome.CONFLICT
    assert (run.verdict, stack.quantity(ALDER_EDR)) == (Verdict.ATTENTION, 19.0)


def test_a_write_that_lands_after_the_next_one_was_refused_is_known_as_ours(
    stack: LocalStack, clock: Any
) -> None:
    spoilt(stack, FaultKind.DROP_BEFORE)
    clock.shift(SETTLED)
    busy = {"status": 429, "headers": {"Retry-After": "30"}}
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, method="PATCH", **busy))
    stack.settle()
    stack.connectwise.edit_addition(ALDER_EDR, by="BillingSync", quantity=25.0)
    clock.shift(SETTLED)

    run = ended(stack)

    assert (run.verdict, run.wrote) == (Verdict.COMPLETE, 1)
    assert stack.audit(ALDER_EDR)[-1] == ("result", 2, "updated")


def test_a_second_attempt_is_given_as_much_time_as_the_first(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    (message,) = stack.messages()
    stack.connectwise.add_fault(Fault(FaultKind.DROP_BEFORE, method="PATCH", times=2))
    stack.deliver_message(message)
    clock.shift(SETTLED)
    (message,) = stack.messages()
    stack.deliver_message(message)
    clock.shift(60)

    reply = stack.deliver_message(message)

    assert len(reply["batchItemFailures"]) == 1 and len(stack.patches()) == 2
    clock.shift(SETTLED)
    assert ended(stack).wrote == 1


VERSION = '{"message": "The resource does not support the API version \'2025.1\'."}'
REFUSED = [
    {"status": 400},
    {"status": 400, "body": VERSION},
    {"status": 401},
    {"status": 403},
    {"status": 403, "body": "<html>", "content_type": "text/html"},
    {"status": 404},
    {"status": 405},
    {"status": 407},
    {"status": 409},
    {"status": 422},
    {"status": 429, "headers": LATER},
]


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
def test_a_write_that_only_a_proxy_refused_is_known_as_ours(
    stack: LocalStack, refusal: dict[str, Any]
) -> None:
    def takes_it(_: object) -> None:
        stack.connectwise.edit_addition(ALDER_EDR, by="BillingSync", quantity=25.0)

    stack.connectwise.before("PATCH", str(ALDER_EDR), takes_it)
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, method="PATCH", **refusal))
    stack.sync()

    run = ended(stack)

    assert (run.verdict, run.wrote, run.paused_at) == (Verdict.COMPLETE, 1, None)
    assert stack.audit(ALDER_EDR) == [("intent", 1, ""), ("result", 1, "updated")]
    assert len(stack.patches()) == 1
    stack.press({"action": "undo", "run_id": run.id, "by": "Ann"})
    assert (ended(stack).wrote, stack.quantity(ALDER_EDR)) == (1, 24.0)


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_refused_write_is_not_decided_while_it_cannot_be_looked_at(
    stack: LocalStack, clock: Any, status: int
) -> None:
    def takes_it(_: object) -> None:
        stack.connectwise.edit_addition(ALDER_EDR, by="BillingSync", quantity=25.0)

    look = Fault(FaultKind.STATUS, path=f"/additions/{ALDER_EDR}$", method="GET", nth=2)
    stack.connectwise.add_fault(replace(look, status=503, headers=LATER))
    stack.connectwise.before("PATCH", str(ALDER_EDR), takes_it)
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, method="PATCH", status=status))
    stack.sync()
    clock.shift(SETTLED)
    stack.settle()

    run = ended(stack)

    assert (run.verdict, run.wrote, len(stack.patches())) == (Verdict.COMPLETE, 1, 1)


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
def test_a_write_refused_while_a_person_saved_the_same_quantity_is_not_ours(
    stack: LocalStack, refusal: dict[str, Any]
) -> None:
    def saved(_: object) -> None:
        stack.connectwise.edit_addition(ALDER_EDR, by="jmarsh", quantity=25.0)

    stack.connectwise.before("PATCH", str(ALDER_EDR), saved)
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, method="PATCH", **refusal))
    stack.sync()

    assert ("result", 1, "updated") not in stack.audit(ALDER_EDR)


def test_a_refused_write_that_lands_later_is_known_as_ours(stack: LocalStack, clock: Any) -> None:
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, method="PATCH", status=403))
    stack.sync()
    stack.connectwise.edit_addition(ALDER_EDR, by="BillingSync", quantity=25.0)
    clock.shift(16 * 60)
    stack.tick()

    run = ended(stack)

    assert (run.verdict, run.wrote, len(stack.patches())) == (Verdict.COMPLETE, 1, 1)
