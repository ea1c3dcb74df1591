"""A schedule: at which boundary of a scenario what happens, and how often AWS delivers."""

from dataclasses import dataclass
from enum import StrEnum

from tests.reliability.boundaries import Boundary, Fate


class Meddling(StrEnum):
    """What somebody else does while an invocation stands at a boundary."""

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
    REDRIVE = "redrive"  # everything comes again a day after all was quiet


@dataclass(frozen=True, slots=True)
class Schedule:
    """What happens where; its text is enough to run it again."""

    scenario: str
    points: tuple[tuple[int, Fate | Meddling], ...] = ()
    habit: Habit = Habit.ONCE

    def __str__(self) -> str:
        points = "+".join(f"{what}@{number}" for number, what in self.points)
        return f"{self.scenario}:{points}:{self.habit}"

    @property
    def people(self) -> bool:
        """Whether a person meddles, so that the run may end otherwise than planned."""
        return any(what.startswith(("edit", "stop")) for _, what in self.points)

    def has(self, *whats: Fate | Meddling) -> bool:
        """Whether one of these happens."""
        return any(what in whats for _, what in self.points)


def parsed(text: str) -> Schedule:
    """The schedule of such a text."""
    scenario, points, habit = text.split(":")
    known = {str(one): one for one in (*Fate, *Meddling)}
    pairs = (point.split("@") for point in points.split("+") if point)
    return Schedule(
        scenario, tuple((int(number), known[what]) for what, number in pairs), Habit(habit)
    )


def possible(boundary: Boundary, *, old_messages: bool) -> list[Fate | Meddling]:
    """All that may happen at this boundary."""
    meddling = [one for one in Meddling if old_messages or one is not Meddling.OLD_MESSAGE]
    return [*boundary.fates, *meddling]
