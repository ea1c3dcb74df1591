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
    shown = stack.press({"action": "show", "run_id": run.id})
    assert "which speaks of sat only" in shown["invoice"]


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
    assert any("edr: 65 units last cycle, 130 now" in message for message in run.guard_messages)
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


def both_invoices_while_off(stack: LocalStack, *, sat_plan: str = SAT) -> None:
    """A cycle's two invoices appear, and are frozen, while sync is off; then it is turned on."""
    stack.set_settings(sync_enabled=False)
    for number, plan in ((5005, sat_plan), (5006, EDR)):
        stack.invoice_appears(id=number, plan=plan)
    stack.tick()
    stack.settle()
    stack.set_settings(sync_enabled=True)


def test_a_requested_sync_compares_each_product_with_its_own_last_cycle(
    stack: LocalStack, clock: Any
) -> None:
    stack.set_settings(invoice_plans=PLANS)
    stack.sync(plan=EDR)
    clock.shift(5 * DAY)
    stack.sync(id=5004, plan=SAT)
    clock.shift(25 * DAY)
    counts(stack, 66, 66)
    both_invoices_while_off(stack)

    stack.ask({"by": "Ann"})

    run = stack.newest()
    assert {entry.product: entry.usage for entry in run.tie_out}["sat"] == 66
    shown = stack.press({"action": "show", "run_id": run.id})["invoice"]
    assert shown.endswith("with the other invoices of its billing cycle: 5005")
    assert any("sat: 44 units last cycle, 66 now" in message for message in run.guard_messages)
    assert both(stack) == (65.0, 44.0)


def test_a_requested_sync_is_held_for_an_unknown_plan_of_any_invoice_of_the_cycle(
    stack: LocalStack,
) -> None:
    stack.set_settings(invoice_plans=PLANS)
    both_invoices_while_off(stack, sat_plan=f"{SAT} (annual)")

    stack.ask({"by": "Ann"})

    assert any(f"plan '{SAT} (annual)'" in message for message in stack.newest().guard_messages)
    assert stack.untouched()


def test_a_requested_sync_leaves_each_invoice_of_the_cycle_done(stack: LocalStack) -> None:
    stack.set_settings(invoice_plans=PLANS)
    both_invoices_while_off(stack)

    stack.ask({"by": "Ann"})

    results = [each["result"] for each in stack.press({"action": "invoices"})["invoices"]]
    assert results[:2] == [
        "DONE: invoice 5006, all 119 units accounted for",
        "DONE: invoice 5005, all 44 units accounted for",
    ]
