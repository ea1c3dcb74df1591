"""company-sync dies at every call to the ledger, before or after its effect: one effect remains."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from billing_sync.domain.runs.run import Verdict
from tests.integration.crashes import ledger_down
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR

pytestmark = pytest.mark.companies(ALDER)
CALLS = 12  # to the ledger, while one company with one row is applied and its run closes


def died(stack: LocalStack, at: int, *, applied: bool) -> list[str]:
    """Plan, then deliver the message to a company-sync that dies; the calls it came to make."""
    stack.plan()
    (message,) = stack.messages()
    with (
        ledger_down(stack.memory, at=at, applied=applied) as calls,
        pytest.raises(EndpointConnectionError),
    ):
        stack.deliver_message(message)
    return calls


def test_the_number_of_calls_is_known(stack: LocalStack) -> None:
    stack.plan()
    (message,) = stack.messages()

    with ledger_down(stack.memory, at=10_000) as calls:
        stack.deliver_message(message)

    assert len(calls) == CALLS


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, CALLS + 1))
def test_a_death_at_any_call_leaves_one_effect_one_audit_and_a_closed_run(
    stack: LocalStack, clock: Any, at: int, applied: bool
) -> None:
    assert len(died(stack, at, applied=applied)) == at

    while stack.newest().open or not stack.newest().announced_at:
        clock.shift(31 * 60)
        stack.tick()
        stack.settle()

    run = ended(stack)
    assert (run.verdict, run.wrote, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 1, 25.0)
    assert len(stack.connectwise.quantity_changes) == 1
    assert stack.audit(ALDER_EDR)[-1][2] == "updated"
