"""Delivering as AWS does: failed events again, messages after their visibility, ticks for ever."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from billing_sync.domain.errors import BillingSyncError
from billing_sync.domain.runs.run import Run, Status
from tests.integration.local_stack import Event
from tests.reliability.boundaries import Killed
from tests.reliability.schedules import Habit
from tests.reliability.world import World

RETRIES_AFTER = (60, 120)  # seconds; Lambda tries a failed asynchronous invocation twice more
MINUTE, HOUR = 60, 3600
TICKS_AFTER = (11 * MINUTE, 31 * MINUTE, 31 * MINUTE, *(65 * MINUTE,) * 6, *(3 * HOUR,) * 20)


class Deliveries:
    """Delivers until a run is closed and reported; remembers the state of closed runs."""

    def __init__(self, world: World, habit: Habit) -> None:
        self._world, self._stack = world, world.stack
        self._habit = habit
        self._again: list[str] = []  # bodies of messages, for the redrive
        self._closed: dict[str, Run] = {}
        self.in_hand: Callable[[], object] = lambda: None  # what is being delivered right now

    def until_quiet(self) -> None:
        """Deliver everything, then let time pass; raises when work is left after three days."""
        self.live(())
        for seconds in TICKS_AFTER:
            if self._quiet():
                break
            self.live((seconds,))
        else:
            raise AssertionError("not quiet after three days")
        if self._habit is Habit.REDRIVE:
            self._habit = Habit.ONCE
            self._redrive()
            self.until_quiet()

    def live(self, pauses: Iterable[float]) -> None:
        """Deliver everything, then tick and deliver after each of these pauses (seconds)."""
        self._settle()
        for seconds in pauses:
            self._world.shift(seconds)
            self.tick()
            self._settle()

    def tick(self) -> None:
        """One scheduled invocation; a failed one is not retried, the next one follows."""
        self._invoke(self._stack.tick)

    def beside(self, delivery: Callable[[], object]) -> None:
        """A whole invocation in its own container while another one is interrupted."""
        self._world.cold()
        try:
            with self._world.boundaries.invocation():
                delivery()
        except Exception as error:  # noqa: BLE001 - Lambda sees a failed invocation, no more
            self._failed(error)
        self._world.cold()

    def _settle(self) -> None:
        while self._events() + self._messages():
            pass

    def _events(self) -> int:
        events = self._stack.put_events()
        for event in events:
            for _ in range(2 if self._habit is Habit.TWICE else 1):
                self._event(event)
        return len(events)

    def _event(self, event: Event) -> None:
        for wait in (*RETRIES_AFTER, 0):
            if self._invoke(lambda: self._stack.deliver_event(event)):
                return
            self._world.shift(wait)

    def _messages(self) -> int:
        messages = self._stack.messages()
        for message in messages:
            self._again.append(message["Body"])
            for _ in range(2 if self._habit is Habit.TWICE else 1):
                self._invoke(lambda: self._stack.deliver_message(message))  # noqa: B023
        return len(messages)

    def _invoke(self, delivery: Callable[[], object]) -> bool:
        """One invocation; False when it died or failed."""
        self.in_hand = delivery
        try:
            with self._world.boundaries.invocation():
                delivery()
        except Killed:
            self._world.cold()
            return False
        except Exception as error:  # noqa: BLE001 - Lambda sees a failed invocation, no more
            self._failed(error)
            return False
        finally:
            self._look_at_closed()
        return True

    def _failed(self, error: Exception) -> None:
        """An invocation may fail for its surroundings, never for a mistake in our code."""
        expected = isinstance(error, BillingSyncError | BotoCoreError | ClientError)
        assert expected, f"{type(error).__name__}: {error}"

    def _quiet(self) -> bool:
        runs = self._stack.all_runs()
        reported = all(not run.open and run.announced_at for run in runs)
        watched = all(run.watched_at for run in runs if run.applied)
        heard = all(drift.announced_at for run in runs for drift in self._stack.drifts.of(run))
        waiting = self._stack.untaken() or self._world.holds_messages()
        return not waiting and reported and watched and heard

    def _redrive(self) -> None:
        self._world.shift(24 * HOUR)
        for event in list(self._stack.events):
            self._event(event)
        for body in self._again:
            self._stack.send(body)

    def _look_at_closed(self) -> None:
        """A closed run changes no more, except for when it was reported and watched."""
        later = {"progress_at": None, "announced_at": None}
        looked_at = {"watched_at": None, "trails_read": 0}
        for run in self._stack.all_runs():
            if run.status is Status.CLOSED:
                seen = replace(run, **later, **looked_at)
                assert self._closed.setdefault(run.id, seen) == seen, f"{run.id} closed twice"
