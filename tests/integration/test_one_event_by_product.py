"""Each product has its own billing event: an invoice moves what its plan bills, and no more."""

from typing import Any

import pytest

from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    COPPERFIELD,
    COPPERFIELD_EDR,
    COPPERFIELD_ORGANIZATION,
    COPPERFIELD_SAT,
)

DAY = 24 * 3600
EDR, SAT = "Huntress Managed EDR", "Huntress Managed SAT"
PLANS = {EDR: ["edr", "itdr", "siem", "ispm"], SAT: ["sat"]}
pytestmark = pytest.mark.companies(COPPERFIELD)


def both(stack: LocalStack) -> tuple[float | None, float | None]:
    """EDR and SAT as ConnectWise holds them."""
    return stack.quantity(COPPERFIELD_EDR), stack.quantity(COPPERFIELD_SAT)


def counts(stack: LocalStack, edr: int, sat: int) -> None:
    usages = {"edr": {"billable_agents_count": edr}, "sat": {"learners_count": sat}}
    stack.huntress.set_usages(COPPERFIELD_ORGANIZATION, usages)


def test_a_sat_invoice_five_days_after_the_edr_one_moves_sat_alone_and_is_not_held(
    stack: LocalStack, clock: Any
) -> None:
    stack.set_settings(invoice_plans=PLANS)
    stack.sync(plan=EDR)
    assert ended(stack).verdict is Verdict.COMPLETE and both(stack) == (65.0, 45.0)
    clock.shift(5 * DAY)
    counts(stack, 70, 43)

    stack.sync(id=5004, plan="  huntress managed  sat ")

    run = ended(stack)
    assert (run.verdict, run.guard_messages, both(stack)) == (Verdict.COMPLETE, (), (65.0, 43.0))
    assert {one.product for one in run.tie_out} == {"sat"}
    told = stack.press({"action": "show", "run_id": run.id})
    assert "which speaks of sat only" in told["invoice"]


def test_the_next_months_invoices_are_each_compared_with_their_own_last_cycle(
    stack: LocalStack, clock: Any
) -> None:
    stack.set_settings(invoice_plans=PLANS)
    stack.sync(plan=EDR)
    clock.shift(5 * DAY)
    stack.sync(id=5004, plan=SAT)
    assert both(stack) == (65.0, 44.0)
    clock.shift(25 * DAY)
    counts(stack, 130, 44)

    stack.sync(id=5005, plan=EDR)

    run = stack.newest()
    assert any("edr: 65 units last cycle, 130 now" in told for told in run.guard_messages)
    assert both(stack) == (65.0, 44.0)


def test_a_second_invoice_of_the_same_product_is_still_held(stack: LocalStack, clock: Any) -> None:
    stack.set_settings(invoice_plans=PLANS)
    stack.sync(plan=SAT)
    stack.notices()
    clock.shift(5 * DAY)
    counts(stack, 65, 43)

    stack.sync(id=5004, plan=SAT)

    ended(stack)
    assert (
        "invoice 5003 of 2026-07-14 already started run" in stack.row(COPPERFIELD_SAT).row.message
    )
    assert both(stack) == (63.0, 44.0)


def test_an_unknown_plan_is_wholly_held_until_the_settings_name_it(
    stack: LocalStack, clock: Any
) -> None:
    stack.set_settings(invoice_plans=PLANS)
    stack.sync(plan=f"{SAT} (annual)")

    run = ended(stack)
    assert (run.verdict, stack.untouched()) == (Verdict.HELD, True)
    assert (
        f"plan '{SAT} (annual)', which SETTINGS / CURRENT, invoice_plans" in run.guard_messages[0]
    )

    stack.set_settings(invoice_plans={**PLANS, f"{SAT} (annual)": ["sat"]})
    assert stack.ask({})["result"].startswith("WROTE 1 quantity")
    assert both(stack) == (63.0, 44.0)
