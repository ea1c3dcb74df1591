"""A schedule: the happenings by boundary of a scenario, and how often AWS delivers."""

from dataclasses import dataclass
from enum import StrEnum

from tests.reliability.boundaries import Boundary, Fate


class Interference(StrEnum):
    """What others do while an invocation is at a boundary."""

    EDIT = "edit"  # a person saves another quantity
    EDIT_TO_TARGET = "edit-to-target"
    EDIT_AND_BACK = "edit-and-back"
    SECOND_WORKER = "second-worker"  # the same event or message is delivered at the same time
    SECOND_AFTER_STALL = "second-after-stall"  # the same, three minutes into the invocation
    SECOND_LATE = "second-late"  # the same, and the second one's write lands late
    SWEEP = "sweep"
    STOP = "stop"  # an operator stops the run
    OLD_MESSAGE = "old-message"  # a message of an older run


class Habit(StrEnum):
    """How AWS delivers events and messages."""

    ONCE = "once"
    TWICE = "twice"
    REDRIVE = "redrive"  # everything is delivered again a day after no work was left


@dataclass(frozen=True, slots=True)
class Schedule:
    """Happenings by boundary; its text is enough to run it again."""

    scenario: str
    points: tuple[tuple[int, Fate | Interference], ...] = ()
    habit: Habit = Habit.ONCE

    def __str__(self) -> str:
        points = "+".join(f"{happening}@{number}" for number, happening in self.points)
        return f"{self.scenario}:{points}:{self.habit}"

    @property
    def people(self) -> bool:
        """Whether a person interferes, so that the run may not end as planned."""
        return any(happening.startswith(("edit", "stop")) for _, happening in self.points)

    def has(self, *happenings: Fate | Interference) -> bool:
        """Whether one of these happens."""
        return any(happening in happenings for _, happening in self.points)


def parsed(text: str) -> Schedule:
    """The schedule of such a text."""
    scenario, points, habit = text.split(":")
    known = {str(happening): happening for happening in (*Fate, *Interference)}
    pairs = (point.split("@") for point in points.split("+") if point)
    return Schedule(
        scenario,
        tuple((int(number), known[happening]) for happening, number in pairs),
        Habit(habit),
    )


def possible(boundary: Boundary, *, old_messages: bool) -> list[Fate | Interference]:
    """All that may happen at this boundary."""
    interference = [
        kind for kind in Interference if old_messages or kind is not Interference.OLD_MESSAGE
    ]
    return [*boundary.fates, *interference]
