"""The quick stand-in for DynamoDB answers as moto does, for all that this product asks of it."""

import pytest
import time_machine

from billing_sync.compose import aws
from tests.integration.conftest import START
from tests.integration.local_stack import local_stack
from tests.integration.small_world import small_world
from tests.reliability.quick_tables import QuickTables
from tests.reliability.scenarios import SCENARIOS, Scenario

Items = list[dict[str, object]]


def ledger_after(scenario: Scenario, *, quick: bool) -> Items:
    """Everything in the ledger once the scenario came to rest, the clock standing still."""
    with (
        time_machine.travel(START, tick=False),
        local_stack(START, small_world(*scenario.companies)) as stack,
    ):
        tables = [aws.table(name) for name in ("ledger", "config")]
        if quick:
            QuickTables().take_over(*tables, stack.ledger, stack.config)
        stack.configure()
        stack.tick()
        scenario.prepare(stack)
        stack.tick()
        stack.settle()
        assert stack.newest().announced_at
        return sorted(stack.ledger.scan()["Items"], key=lambda item: (item["pk"], item["sk"]))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_leaves_the_same_ledger_in_both(scenario: Scenario) -> None:
    assert ledger_after(scenario, quick=True) == ledger_after(scenario, quick=False)
