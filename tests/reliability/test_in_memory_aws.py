"""Whole runs on the AWS in memory leave the same ledger as on moto."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest

from tests.clock import world_clock
from tests.integration.aws_over_http import stack_on_moto
from tests.integration.conftest import START
from tests.integration.local_stack import LocalStack, local_stack
from tests.integration.small_world import small_world
from tests.reliability.scenarios import SCENARIOS, Scenario
from tools.sandbox.world.build import World

LEASE_OVER = 17 * 60  # seconds, after which nobody waits for a planner that died
# On moto nothing can be cut off.
COMPARED = [scenario for scenario in SCENARIOS if not scenario.cuts_off_aws]
Items = list[dict[str, object]]
Aws = Callable[[datetime, Callable[[datetime], World]], AbstractContextManager[LocalStack]]


def ledger_after(scenario: Scenario, aws: Aws) -> Items:
    """Everything in the ledger after the scenario's end, with the clock stopped."""
    with (
        world_clock(START, tick=False) as clock,
        aws(START, small_world(*scenario.companies)) as stack,
    ):
        stack.configure()
        stack.tick()
        scenario.prepare(stack)
        clock.shift(LEASE_OVER)
        stack.tick()
        stack.settle()
        assert stack.newest().announced_at
        return sorted(stack.ledger.scan()["Items"], key=lambda item: (item["pk"], item["sk"]))


@pytest.mark.parametrize("scenario", COMPARED, ids=lambda scenario: scenario.name)
def test_a_scenario_leaves_the_same_ledger_in_both(scenario: Scenario) -> None:
    assert ledger_after(scenario, local_stack) == ledger_after(scenario, stack_on_moto)
