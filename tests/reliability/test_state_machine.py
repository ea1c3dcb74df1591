"""Random orders of what vendors, people and AWS do: every promise is kept."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.small_world import ALDER, COPPERFIELD, XENON
from tests.reliability.machine import Machine
from tests.reliability.provider import Provider, provider

# Reproducible: a red run here is red everywhere.
many_orders = settings(
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def installed() -> Iterator[Provider]:
    """One stack, restored to its beginning for every example."""
    with provider(ALDER, COPPERFIELD, XENON) as ready:
        yield ready


@pytest.mark.slow("random histories of forty steps")
def test_every_promise_holds_after_every_invocation_and_everything_comes_to_rest(
    installed: Provider,
    record_property: Callable[[str, object], None],
    pytestconfig: pytest.Config,
) -> None:
    counted: Counter[str] = Counter()
    histories = settings(many_orders, max_examples=60 if pytestconfig.getoption("--whole") else 5)

    run_state_machine_as_test(lambda: Machine(installed, counted), settings=histories)

    for label, count in sorted(counted.items()):
        record_property(label, count)
    assert counted["writes"] > counted["examples"], "hardly anything was written at all"
