"""Running schedules: from a scenario's first moment to rest, then everything is checked."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache

from tests.aws.memory import InMemoryAws
from tests.clock import world_clock
from tests.integration.conftest import START
from tests.integration.local_stack import local_stack
from tests.integration.small_world import small_world
from tests.reliability.boundaries import Boundary, Fate
from tests.reliability.deliveries import Deliveries
from tests.reliability.interference import Actors
from tests.reliability.invariants import check
from tests.reliability.scenarios import Scenario
from tests.reliability.schedules import Habit, Interference, Schedule, possible
from tests.reliability.world import Moment, World, heard_world

PAUSE = 60.0  # seconds; ConnectWise's times are whole seconds, and a quick undo was in the same one


@dataclass(slots=True)
class Explorer:
    """One scenario at its first moment; counts schedules and keeps those that failed."""

    scenario: Scenario
    world: World
    moment: Moment
    old_messages: tuple[str, ...]
    whole: bool
    schedules: int = 0
    failures: list[str] = field(default_factory=list)

    def singles(self) -> Iterator[Schedule]:
        """Every fault at every boundary, deaths also where AWS delivers again.

        Of the interferences all are tried at each boundary of a `whole` exploration, else one,
        which is another one for each commit.
        """
        name = self.scenario.name
        chance = drawn_for(f"{name} alone")
        for number, boundary in enumerate(self.run(Schedule(name)), start=1):
            others = [each for each in self.possible(boundary) if each not in boundary.fates]
            for happening in (
                *boundary.fates,
                *(others if self.whole else [chance.choice(others)]),
            ):
                yield Schedule(name, ((number, happening),))
            for habit in (Habit.TWICE, Habit.REDRIVE):
                yield Schedule(name, ((number, Fate.KILLED),), habit)

    def pairs(self, count: int) -> Iterator[Schedule]:
        """A random second happening after a random first one; other pairs for each commit."""
        chance = drawn_for(self.scenario.name)
        firsts = [schedule for schedule in self.singles() if schedule.habit is Habit.ONCE]
        for first in chance.choices(firsts, k=count):
            ((number, _),) = first.points
            crossed = self.run(first)[number:]
            if crossed:
                after = chance.randrange(len(crossed))
                happening = chance.choice(self.possible(crossed[after]))
                yield replace(first, points=(*first.points, (number + after + 1, happening)))

    def deaths(self, *, share: float = 1.0) -> Iterator[Schedule]:
        """Pairs of deaths: one at any boundary, one at any boundary after it.

        Of the first boundaries only a `share`, which is another one for each commit.
        """
        name = self.scenario.name
        firsts = range(1, len(self.run(Schedule(name))) + 1)
        chosen = drawn_for(f"{name} deaths").sample(firsts, round(share * len(firsts)))
        for number in sorted(chosen):
            first = Schedule(name, ((number, Fate.KILLED),))
            for second in range(number + 1, len(self.run(first)) + 1):
                yield replace(first, points=(*first.points, (second, Fate.KILLED)))

    def run(self, schedule: Schedule) -> list[Boundary]:
        """Run a schedule to rest and check it; the boundaries it crossed."""
        self.schedules += 1
        deliveries = Deliveries(self.world, schedule.habit)
        actors = Actors(self.world, self.scenario, deliveries, self.old_messages)
        happenings: dict[int, list[object]] = {}
        for number, happening in schedule.points:
            doing = actors.doing(happening) if isinstance(happening, Interference) else happening
            happenings.setdefault(number, []).append(doing)
        self.world.restart(self.moment, happenings)
        try:
            if self.scenario.begins_with_tick:
                deliveries.tick()
            deliveries.until_quiet()
            check(self.world, self.scenario, schedule)
        except AssertionError as failed:
            names = [self._name(number) for number, _ in schedule.points]
            self.failures.append(f"{schedule}\n    at {names}: {failed}")
        return self.world.boundaries.crossed

    def _name(self, number: int) -> str:
        crossed = self.world.boundaries.crossed
        return crossed[number - 1].name if number <= len(crossed) else "never reached"

    def possible(self, boundary: Boundary) -> list[Fate | Interference]:
        """All that may happen at this boundary in this scenario."""
        return possible(boundary, old_messages=bool(self.old_messages))


@cache
def _commit() -> str:
    """What is tested; "" outside a git checkout."""
    asked = ["git", "rev-parse", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def drawn_for(name: str) -> random.Random:
    """Random numbers by commit: a run is reproducible, and later commits try other pairs."""
    return random.Random(f"{name} {_commit()}")


@contextmanager
def exploring(scenario: Scenario, *, whole: bool = False) -> Iterator[Explorer]:
    """The scenario's stack, made once and restored for every schedule."""
    with (
        world_clock(START) as clock,
        local_stack(
            START, small_world(*scenario.companies), memory=InMemoryAws(validates=False)
        ) as stack,
    ):
        stack.configure()
        stack.tick()
        old_messages = scenario.prepare(stack)
        clock.shift(PAUSE)
        with heard_world(stack, clock) as world:
            whole = whole or scenario.whole
            yield Explorer(scenario, world, world.moment(), old_messages, whole)
