"""A plan that did not see everything is shown, never written, and its invoice keeps waiting."""

from collections.abc import Callable
from typing import Any

import pytest

from billing_sync.domain.runs.run import Verdict
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
    "one agreement": (one_agreement_fails, "1 of 2 companies read", "agreement 'Managed Security"),
    "all agreements": (agreements_fail, "0 of 2 companies read", "answered 503"),
    "a short page": (a_page_is_short, "0 of 2 companies read", "is incomplete: 1 of 2 came"),
    "bundles": (bundles_are_down, "0 of 2 companies read", "answered 503"),
}


@pytest.mark.parametrize(("trouble", "coverage", "why"), TROUBLES.values(), ids=TROUBLES)
def test_an_incomplete_read_is_shown_and_written_only_once_it_is_complete(
    stack: LocalStack, clock: Any, trouble: Callable[[LocalStack], None], coverage: str, why: str
) -> None:
    trouble(stack)
    stack.sync()

    run = ended(stack)
    told = stack.press({"action": "show", "run_id": run.id})
    assert (run.verdict, told["coverage"]) == (Verdict.INCOMPLETE, coverage)
    assert told["result"].startswith("WROTE NOTHING: incomplete")
    assert "right" not in told["result"] and why in told["not_read"][0]
    assert stack.untouched()
    assert stack.invoice.state == "waiting"
    assert run.id in stack.invoice.reason and why in stack.invoice.reason

    stack.connectwise.clear_faults()
    stack.connectwise.bundles_status = 200
    clock.shift(6 * 60)
    stack.tick()
    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 3)
    assert stack.invoice.state == "run"


def test_an_invoice_that_cannot_be_read_is_told_of_once_a_day(
    stack: LocalStack, clock: Any
) -> None:
    agreements_fail(stack)
    stack.sync()
    told = [len(stack.notices())]
    for hours in (1, 5, 6, 13):
        clock.shift(hours * 3600)
        stack.tick()
        stack.settle()
        told.append(len(stack.notices()))

    assert told == [1, 0, 0, 0, 1]
    assert len(stack.all_runs()) == 5 and all(run.announced_at for run in stack.all_runs())
    clock.shift(3600)
    stack.connectwise.clear_faults()
    stack.tick()
    assert ended(stack).verdict is Verdict.COMPLETE


def test_the_rows_that_were_read_are_shown_beside_what_was_not(stack: LocalStack) -> None:
    one_agreement_fails(stack)
    stack.sync()

    run = ended(stack)

    told = stack.press({"action": "show", "run_id": run.id})
    by_company = {row["company_id"]: row["reason"] for row in told["rows"]}
    assert by_company[ALDER] == "not_read"
    assert any(row["outcome"] == "updated" for row in told["rows"])


def test_bundles_that_are_refused_are_replaced_by_single_reads(stack: LocalStack) -> None:
    stack.connectwise.bundles_status = 403
    stack.sync()

    assert (ended(stack).verdict, len(stack.patches())) == (Verdict.COMPLETE, 3)
