"""What others do while an invocation is at a boundary."""

from collections.abc import Sequence

from tests.reliability.boundaries import Fate, Meanwhile
from tests.reliability.deliveries import Deliveries
from tests.reliability.scenarios import Scenario
from tests.reliability.schedules import Interference
from tests.reliability.world import World

STALL = 180  # seconds; company-sync has five minutes
ANOTHER = 7.0  # how far a person's edit is off


class Actors:
    """Each interference as a function; people edit the scenario's first addition."""

    def __init__(
        self, world: World, scenario: Scenario, deliveries: Deliveries, old: Sequence[str]
    ) -> None:
        self._world, self._stack, self._deliveries, self._old = world, world.stack, deliveries, old
        planned = scenario.writes or scenario.held
        self._addition, (self._before, self._target) = next(iter(planned.items()))

    def doing(self, interference: Interference) -> Meanwhile:
        """The function that does it."""
        return {
            Interference.EDIT: lambda: self._edit(self._before + ANOTHER),
            Interference.EDIT_TO_TARGET: lambda: self._edit(self._target),
            Interference.EDIT_AND_BACK: self._edit_and_back,
            Interference.SECOND_WORKER: self._second_worker,
            Interference.SECOND_AFTER_STALL: self._second_after_stall,
            Interference.SECOND_LATE: self._second_late,
            Interference.SWEEP: lambda: self._deliveries.beside(self._stack.tick),
            Interference.STOP: self._stop,
            Interference.OLD_MESSAGE: self._old_message,
        }[interference]

    def _edit(self, quantity: float) -> None:
        self._stack.connectwise.edit_addition(self._addition, quantity=quantity)

    def _edit_and_back(self) -> None:
        self._edit(self._before + ANOTHER)
        self._edit(self._before)

    def _second_worker(self) -> None:
        self._deliveries.beside(self._deliveries.in_hand)

    def _second_after_stall(self) -> None:
        self._world.shift(STALL)
        self._second_worker()

    def _second_late(self) -> None:
        self._world.spoil(Fate.LATE, "PATCH", "")
        self._second_worker()

    def _stop(self) -> None:
        for run in self._stack.all_runs():
            if run.open:
                stop = {"action": "stop", "run_id": run.id, "by": "Ann"}
                self._deliveries.beside(lambda: self._stack.press(stop))  # noqa: B023
        for event in self._stack.put_events():
            self._deliveries.beside(lambda: self._stack.deliver_event(event))  # noqa: B023

    def _old_message(self) -> None:
        for body in self._old:
            self._stack.send(body)
        for message in self._stack.messages():
            self._deliveries.beside(lambda: self._stack.deliver_message(message))  # noqa: B023
