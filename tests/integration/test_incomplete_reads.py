"""A plan that did not see everything is shown, never written, and its invoice keeps waiting."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from billing_sync.domain.runs.run import Status, Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER
from tools.sandbox.vendors.faults import Fault, FaultKind

DOWN = {"status": 503, "headers": {"Retry-After": "3600"}, "times": 0}


def one_agreement_fails(stack: LocalStack) -> None:
    stack.connectwise.bundles_status = 404
    stack.connectwise.add_fault(
        Fault(FaultKind.STATUS, path="/finance/agreements/3010/additions", **DOWN)
    )


def agreements_fail(stack: LocalStack) -> None:
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path="/finance/agreements$", **DOWN))


def a_page_is_short(stack: LocalStack) -> None:
    path = "/finance/agreements$"
    stack.connectwise.add_fault(Fault(FaultKind.SHORT_PAGE, path=path, times=0))


def bundles_are_down(stack: LocalStack) -> None:
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path="/system/bundles", **DOWN))


TROUBLES = {
    "one agreement": (one_agreement_fails, "agreement 'Managed Security"),
    "all agreements": (agreements_fail, "answered 503"),
    "a short page": (a_page_is_short, "is incomplete: 1 of 2 came"),
    "bundles": (bundles_are_down, "answered 503"),
}


@pytest.mark.parametrize(("trouble", "why"), TROUBLES.values(), ids=TROUBLES)
def test_an_invoice_is_written_only_once_everything_was_read(
    stack: LocalStack, clock: Any, trouble: Callable[[LocalStack], None], why: str
) -> None:
    trouble(stack)
    stack.sync()

    run = stack.newest()
    told = stack.press({"action": "show", "run_id": run.id})
    assert (run.status, stack.runs.active()) == (Status.REQUESTED, None)
    assert told["result"].startswith("IN PROGRESS: requested") and why in told["result"]
    assert stack.untouched()
    assert stack.invoice.state == "waiting"
    assert run.id in stack.invoice.reason and why in stack.invoice.reason

    stack.connectwise.clear_faults()
    stack.connectwise.bundles_status = 200
    clock.shift(6 * 60)
    stack.tick()
    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 3)
    assert stack.invoice.state == "run" and stack.newest().id == run.id


def test_an_invoice_that_cannot_be_read_for_days_is_tried_by_one_run_that_sends_one_message(
    stack: LocalStack, clock: Any
) -> None:
    agreements_fail(stack)
    stack.sync()
    for hours in (1, 5, 6, 13, 24):
        clock.shift(hours * 3600)
        stack.tick()
        stack.settle()
    assert stack.notices() == [] and len(stack.all_runs()) == 1

    clock.shift(3600)
    stack.connectwise.clear_faults()
    stack.tick()

    assert ended(stack).verdict is Verdict.COMPLETE
    assert len(stack.all_runs()) == 1


def test_a_release_between_two_attempts_is_written_and_the_invoice_after_it(
    late_stack: LocalStack, clock: Any
) -> None:
    """Turns order what is written: the release's comes before that of the older run."""
    stack, held = late_stack, late_stack.newest()
    clock.shift(3600)
    agreements_fail(stack)
    stack.huntress.add_invoice(
        stack.world.new_invoice(datetime.now(UTC)) | {"id": 5004, "plan": "Huntress Managed SAT"}
    )
    stack.tick()
    stack.settle()
    trying = stack.newest()
    assert trying.status is Status.REQUESTED
    told = stack.press({"action": "show", "run_id": held.id})
    stack.ask(
        {
            "action": "release",
            "by": "Ann",
            "run_id": held.id,
            "plan_hash": told["plan_hash"],
            "companies": [ALDER],
        }
    )
    release = ended(stack)
    stack.connectwise.clear_faults()
    clock.shift(3600)
    stack.tick()

    after = ended(stack, trying.id)
    assert release.wrote == 1 and after.turn > release.turn > held.turn


def test_the_rows_that_were_read_are_shown_beside_what_was_not(stack: LocalStack) -> None:
    one_agreement_fails(stack)
    stack.invoice_appears()

    told = stack.ask({"action": "preview"})

    by_company = {row["company_id"]: row["reason"] for row in told["rows"]}
    assert (told["coverage"], told["result"]) == (
        "1 of 2 companies read",
        "WROTE NOTHING: incomplete, 4 blocked",
    )
    assert by_company[ALDER] == "not_read"
    assert any(row["outcome"] == "updated" for row in told["rows"])


def test_a_persons_sync_of_an_incomplete_read_writes_nothing(stack: LocalStack) -> None:
    one_agreement_fails(stack)
    stack.invoice_appears()

    answer = stack.ask({"by": "Ann"})

    run = ended(stack, str(answer["run_id"]))
    assert (run.verdict, answer["coverage"]) == (Verdict.INCOMPLETE, "1 of 2 companies read")
    assert stack.untouched() and stack.invoice.state == "waiting"


def test_bundles_that_are_refused_are_replaced_by_single_reads(stack: LocalStack) -> None:
    stack.connectwise.bundles_status = 403
    stack.sync()

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 3)
