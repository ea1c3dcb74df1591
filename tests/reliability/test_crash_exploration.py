"""Crashes, lost calls and concurrent edits at every boundary: every run must end correctly."""

from collections.abc import Callable, Iterator
from itertools import islice

import pytest

from tests.reliability.exploration import Explorer, exploring
from tests.reliability.scenarios import SCENARIOS
from tests.reliability.schedules import Habit, Schedule, parsed

pytestmark = pytest.mark.slow("hundreds of schedules")
MOST_SHOWN = 20
PARTS = 4  # of a scenario's schedules, so that all workers end at about the same time
Record = Callable[[str, object], None]
APPLY = next(scenario for scenario in SCENARIOS if scenario.name == "apply")


@pytest.fixture(params=SCENARIOS, ids=lambda scenario: scenario.name)
def explorer(request: pytest.FixtureRequest) -> Iterator[Explorer]:
    """One scenario, ready to be run again and again."""
    with exploring(request.param, whole=request.config.getoption("--whole")) as ready:
        yield ready


def none_failed(explorer: Explorer, record_property: Record) -> None:
    """Count the schedules for the summary, and fail with those that failed."""
    count = len(explorer.failures)
    record_property("schedules", explorer.schedules)
    record_property(f"schedules of {explorer.scenario.name}", explorer.schedules)
    record_property("schedules failed", count)
    shown = "\n".join(explorer.failures[:MOST_SHOWN])
    assert count == 0, f"{count} failed; alone: -k tried_again --schedule '<its text>'\n{shown}"


def test_everything_ends_well_when_nothing_happens(
    explorer: Explorer, record_property: Record
) -> None:
    for habit in Habit:
        explorer.run(Schedule(explorer.scenario.name, habit=habit))

    none_failed(explorer, record_property)


@pytest.mark.parametrize("part", range(PARTS))
def test_everything_ends_well_whatever_happens_once_at_any_boundary(
    explorer: Explorer, part: int, record_property: Record
) -> None:
    for schedule in islice(explorer.singles(), part, None, PARTS):
        explorer.run(schedule)

    none_failed(explorer, record_property)


def test_everything_ends_well_whatever_happens_at_two_boundaries(
    explorer: Explorer, record_property: Record, pytestconfig: pytest.Config
) -> None:
    for schedule in explorer.pairs(pytestconfig.getoption("--pairs")):
        explorer.run(schedule)

    none_failed(explorer, record_property)


@pytest.mark.parametrize("explorer", [APPLY], ids=[APPLY.name], indirect=True)
def test_everything_ends_well_after_two_deaths(
    explorer: Explorer, record_property: Record, pytestconfig: pytest.Config
) -> None:
    for schedule in explorer.deaths(share=1.0 if pytestconfig.getoption("--whole") else 0.25):
        explorer.run(schedule)

    none_failed(explorer, record_property)


def test_one_schedule_tried_again_alone_ends_well(
    record_property: Record, pytestconfig: pytest.Config
) -> None:
    text = pytestconfig.getoption("--schedule") or str(Schedule(APPLY.name))
    schedule = parsed(text)
    (scenario,) = (scenario for scenario in SCENARIOS if scenario.name == schedule.scenario)
    with exploring(scenario) as explorer:
        explorer.run(schedule)

    none_failed(explorer, record_property)
