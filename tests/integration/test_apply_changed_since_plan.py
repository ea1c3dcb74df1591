"""ConnectWise changed between the plan and the write: people's edits stand, everything is told."""

from collections.abc import Callable
from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR
from tools.sandbox.vendors.faults import Fault, FaultKind

pytestmark = pytest.mark.companies(ALDER)
AGREEMENT = 3010


def test_an_edit_after_the_plan_is_never_overwritten(stack: LocalStack) -> None:
    stack.plan()
    stack.connectwise.edit_addition(ALDER_EDR, by="jmarsh", quantity=30.0)

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.CONFLICT, Reason.CHANGED_SINCE_PLAN)
    assert "it holds 30, changed by jmarsh" in row.message
    assert (run.verdict, stack.quantity(ALDER_EDR)) == (Verdict.ATTENTION, 30.0)
    assert stack.patches() == [] and stack.audit(ALDER_EDR) == []


def test_an_edit_to_the_very_target_leaves_nothing_to_write(stack: LocalStack) -> None:
    stack.plan()
    stack.connectwise.edit_addition(ALDER_EDR, quantity=25.0)

    run = ended(stack)

    assert stack.row(ALDER_EDR).row.outcome is Outcome.UNCHANGED
    assert (run.verdict, run.wrote, stack.patches()) == (Verdict.COMPLETE, 0, [])


def test_an_edit_back_to_the_old_value_after_our_write_stands(
    stack: LocalStack, clock: Any
) -> None:
    stack.connectwise.add_fault(Fault(FaultKind.DROP_AFTER, method="PATCH"))
    stack.sync()
    clock.shift(60)
    stack.connectwise.edit_addition(ALDER_EDR, by="jmarsh", quantity=24.0)
    clock.shift(195)

    run = ended(stack)

    assert stack.row(ALDER_EDR).row.outcome is Outcome.CONFLICT
    assert (run.verdict, stack.quantity(ALDER_EDR)) == (Verdict.ATTENTION, 24.0)
    assert len(stack.patches()) == 1
    assert stack.audit(ALDER_EDR) == [("intent", 1, ""), ("result", 1, "conflict")]


def change_agreement(**fields: object) -> Callable[[LocalStack], None]:
    return lambda stack: stack.connectwise.state.agreements[AGREEMENT].update(fields)


def change_addition(**fields: object) -> Callable[[LocalStack], None]:
    return lambda stack: stack.connectwise.edit_addition(ALDER_EDR, **fields)


def delete(stack: LocalStack) -> None:
    del stack.connectwise.state.additions[ALDER_EDR]


BLOCKED = {
    "deleted": (delete, Reason.GONE),
    "agreement cancelled": (
        change_agreement(agreementStatus="Cancelled", cancelledFlag=True),
        Reason.AGREEMENT_CANCELLED,
    ),
    "agreement expired": (change_agreement(agreementStatus="Expired"), Reason.AGREEMENT_EXPIRED),
    "agreement ended, its status still Active": (
        change_agreement(endDate="2026-07-01T00:00:00Z"),
        Reason.AGREEMENT_EXPIRED,
    ),
    "agreement not billed yet": (
        change_agreement(billStartDate="2026-08-01T00:00:00Z"),
        Reason.AGREEMENT_FUTURE,
    ),
    "agreement of another company": (
        change_agreement(company={"id": 250, "identifier": "Other", "name": "Other"}),
        Reason.AGREEMENT_MOVED,
    ),
    "addition not effective yet": (
        change_addition(effectiveDate="2026-08-01T00:00:00Z"),
        Reason.ADDITION_FUTURE,
    ),
    "addition ended": (
        change_addition(cancelledDate="2026-07-01T00:00:00Z"),
        Reason.ADDITION_ENDED,
    ),
    "another product": (
        change_addition(product={"id": 105, "identifier": "HUNTRESS-ISPM"}),
        Reason.GONE,
    ),
}


@pytest.mark.parametrize(("change", "reason"), BLOCKED.values(), ids=BLOCKED)
def test_what_can_no_longer_be_written_is_blocked_with_the_reason(
    stack: LocalStack, change: Callable[[LocalStack], None], reason: Reason
) -> None:
    stack.plan()
    change(stack)

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, reason)
    assert "Preview again" in row.message
    assert (run.verdict, stack.patches()) == (Verdict.ATTENTION, [])


def test_an_agreement_that_became_of_a_type_that_is_not_allowed_is_blocked(
    stack: LocalStack,
) -> None:
    stack.set_settings(agreement_types=["Managed Services"])
    stack.plan()
    change_agreement(type={"id": 9, "name": "Backup"})(stack)

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Reason.AGREEMENT_TYPE)
    assert "is of type 'Backup'" in row.message and "Preview again" in row.message
    assert (run.verdict, stack.patches()) == (Verdict.ATTENTION, [])


def test_an_addition_without_a_usable_quantity_is_blocked_and_the_rest_goes_on(
    stack: LocalStack,
) -> None:
    broken = f'{{"id": {ALDER_EDR}, "quantity": "many", "billCustomer": "Billable"}}'
    stack.plan()
    path = f"/additions/{ALDER_EDR}"
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path=path, status=200, body=broken))

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Reason.REFUSED)
    assert run.verdict is Verdict.ATTENTION


def test_a_write_that_connectwise_refuses_for_its_content_is_blocked(stack: LocalStack) -> None:
    told = '{"code": "InvalidObject", "message": "quantity is locked by an invoice"}'
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, method="PATCH", status=400, body=told))
    stack.sync()

    ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Reason.REFUSED)
    assert "quantity is locked by an invoice" in row.message
    assert stack.audit(ALDER_EDR) == [("intent", 1, ""), ("result", 1, "blocked")]


def test_only_the_edited_addition_of_a_company_is_in_conflict(stack: LocalStack) -> None:
    stack.huntress.set_usages(101, {"sat": {"learners_count": 29}})
    stack.plan()
    stack.connectwise.edit_addition(301004, quantity=40.0)

    run = ended(stack)

    assert (stack.quantity(ALDER_EDR), stack.quantity(301004)) == (25.0, 40.0)
    assert (run.outcomes["updated"], run.outcomes["conflict"]) == (1, 1)
