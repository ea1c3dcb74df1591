"""Delivery of events and messages: one at a time, late, again, or to a function that dies."""

from collections.abc import Callable

from billing_sync.domain.invoices.lifecycle import InvoiceState, counts
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import Event
from tests.reliability.boundaries import Happenings
from tests.reliability.deliveries import TICKS_AFTER, Deliveries
from tests.reliability.schedules import Habit
from tests.reliability.world import World

Fortune = Callable[[], Happenings]
REDRIVEN = 12  # of the old messages


class Courier(Deliveries):
    """Delivers on request.

    `fortune` gives the happenings of the next invocation, `look` is called after each one.
    """

    def __init__(self, world: World, *, fortune: Fortune, look: Callable[[], None]) -> None:
        super().__init__(world, Habit.ONCE)
        self._fortune, self._look = fortune, look
        self._off_the_bus: list[Event] = []
        self.notices: list[str] = []  # the messages that people got

    def invoke(self, delivery: Callable[[], object]) -> None:
        """One invocation of any function; it may fail."""
        self._invoke(delivery)

    def settle(self) -> None:
        """Carry everything until nothing is left; a failed event comes three times in all."""
        self._settle()

    def wait(self, seconds: float) -> None:
        """Time passes; what is in the company queue after two weeks is lost, nothing else is."""
        self._off_the_bus += self._stack.put_events()
        self.notices += self._stack.notices()
        self._world.shift(seconds)

    def one_event(self, pick: int) -> None:
        """Carry one of the events that wait, in whatever order; a failed one is lost."""
        self._off_the_bus += self._stack.put_events()
        if self._off_the_bus:
            event = self._off_the_bus.pop(pick % len(self._off_the_bus))
            self.invoke(lambda: self._stack.deliver_event(event))

    def one_message(self, pick: int, *, times: int = 1) -> None:
        """Carry one of the visible messages; the others stay in flight until they reappear."""
        messages = self._stack.messages()
        if messages:
            message = messages[pick % len(messages)]
            self._again.append(message["Body"])
            for _ in range(times):
                self.invoke(lambda: self._stack.deliver_message(message))

    def old_event(self, pick: int) -> None:
        """Carry an event that was carried before."""
        if self._stack.events:
            event = self._stack.events[pick % len(self._stack.events)]
            self.invoke(lambda: self._stack.deliver_event(event))

    def old_messages(self) -> None:
        """Put the last messages into the queue once more, as a redrive does."""
        for body in self._again[-REDRIVEN:]:
            self._world.shift(1)
            self._stack.send(body)

    def rest(self) -> None:
        """Tick and deliver until no work is left; raises after three days, naming what is left."""
        for seconds in TICKS_AFTER:
            self.wait(seconds)
            self.tick()
            self.settle()
            if not self._unfinished():
                return
        raise AssertionError(f"three days later: {', '.join(self._unfinished())}")

    def _unfinished(self) -> list[str]:
        """The work that is left."""
        runs, invoices = self._stack.all_runs(), self._stack.invoices.all()
        left = [f"run {run.id} is {run.status}" for run in runs if run.open]
        left += [
            f"run {run.id} was not reported"
            for run in runs
            if run.verdict is not Verdict.REFUSED and not run.announced_at
        ]
        left += [
            f"{record.key} waits: {record.reason}"
            for record in invoices
            if record.state is InvoiceState.WAITING and counts(record.invoice)
        ]
        return left + ["messages are left"] * self._world.holds_messages()

    def _events(self) -> int:
        waiting, self._off_the_bus = self._off_the_bus, []
        for event in waiting:
            self._event(event)
        return len(waiting) + super()._events()

    def _invoke(self, delivery: Callable[[], object]) -> bool:
        self._world.boundaries.begin(self._fortune())
        ended_well = super()._invoke(delivery)
        self._look()
        return ended_well
