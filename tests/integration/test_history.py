"""What a run is compared with does not fade, whatever happened since the last cycle."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.runs.run import Mode, Request, Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import COPPERFIELD, COPPERFIELD_EDR, COPPERFIELD_ORGANIZATION

MONTH = 30 * 24 * 3600
pytestmark = pytest.mark.companies(COPPERFIELD)


def nothing(stack: LocalStack) -> None:
    """Nothing happens."""


def many_previews(stack: LocalStack) -> None:
    for number in range(60):
        stack.runs.request(Request(Mode.PREVIEW, "reader", (number + 1,)), at=datetime.now(UTC))


def failed_attempts(stack: LocalStack) -> None:
    for number in range(60):
        stack.runs.request(Request(Mode.SYNC, "operator", (number + 1,)), at=datetime.now(UTC))


@pytest.mark.parametrize("between", [nothing, many_previews, failed_attempts])
def test_a_jump_of_a_products_total_is_held_whatever_happened_since_the_last_cycle(
    stack: LocalStack, clock: Any, between: Callable[[LocalStack], None]
) -> None:
    stack.set_settings(guards={"rise_percent": 1000, "money": 100_000})
    stack.sync()
    assert ended(stack).verdict is Verdict.COMPLETE
    between(stack)
    clock.shift(MONTH)
    stack.huntress.set_usages(COPPERFIELD_ORGANIZATION, {"edr": {"billable_agents_count": 91}})

    stack.sync(id=5004)

    run = stack.invoices.get("account#5004")
    assert run is not None
    newest = stack.runs.get(run.run_id)
    assert newest is not None and newest.verdict is Verdict.HELD
    assert "edr: 65 units last cycle, 91 now, a move of more than 20 %" in newest.guard_messages
    assert stack.quantity(COPPERFIELD_EDR) == 65.0


def test_a_run_without_the_last_cycles_statement_is_held_and_its_release_starts_anew(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    assert ended(stack).verdict is Verdict.COMPLETE
    for item in stack.ledger_table.query("INVOICE#account#5003", "RUN#"):
        stack.ledger.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
    clock.shift(MONTH)
    stack.huntress.set_usages(COPPERFIELD_ORGANIZATION, {"edr": {"billable_agents_count": 66}})

    stack.sync(id=5004)

    held = ended(stack)
    assert (
        held.verdict is Verdict.HELD
        and "wrote quantities for invoice 5003" in held.guard_messages[0]
    )
    assert stack.row(COPPERFIELD_EDR).row.reason is Reason.NO_HISTORY
    release = {"action": "release", "run_id": held.id, "plan_hash": held.plan_hash, "by": "Ann"}
    stack.ask({**release, "companies": [COPPERFIELD]})
    assert stack.quantity(COPPERFIELD_EDR) == 66.0
    clock.shift(MONTH)
    stack.sync(id=5005)
    assert ended(stack).guard_messages == ()
