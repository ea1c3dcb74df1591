"""An organization mapped to another company waits for a person, this cycle and every later one."""

from datetime import UTC, datetime
from typing import Any

from billing_sync.domain.plan.reasons import Reason
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import (
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD,
    COPPERFIELD_EDR,
)

A_CYCLE = 30 * 24 * 3600


def next_invoice(stack: LocalStack, clock: Any, number: int) -> None:
    """A cycle later another invoice appears and is synced."""
    clock.shift(A_CYCLE)
    stack.sync(id=number, created_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")


def remap(stack: LocalStack) -> None:
    """Alder's organization becomes Copperfield's, by mistake."""
    stack.change_item("MAPPING", f"ORG#{ALDER_ORGANIZATION}", company_id=COPPERFIELD)


def reason(stack: LocalStack, addition_id: int) -> Reason:
    return stack.row(addition_id).row.reason


def test_a_wrong_remapping_is_held_in_every_cycle_until_it_is_mended(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    before = stack.quantity(COPPERFIELD_EDR)
    remap(stack)
    for number in (5004, 5005):
        next_invoice(stack, clock, number)
        assert reason(stack, COPPERFIELD_EDR) is Reason.REMAPPED
        assert reason(stack, ALDER_EDR) is Reason.ORPHANED
    assert stack.quantity(COPPERFIELD_EDR) == before


def test_a_right_remapping_is_released_once(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    remap(stack)
    next_invoice(stack, clock, 5004)
    run = stack.newest()
    stack.ask({"action": "release", "run_id": run.id, "plan_hash": run.plan_hash, "by": "Ann"})
    assert stack.quantity(COPPERFIELD_EDR) == 90.0
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 26}})
    next_invoice(stack, clock, 5005)

    assert reason(stack, COPPERFIELD_EDR) is Reason.NONE
    assert stack.quantity(COPPERFIELD_EDR) == 91.0
