"""A freeze beside the schedule: what it asks of Huntress, and how long it takes."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from billing_sync.domain.invoices.lifecycle import InvoiceState
from functions.invoice_trigger import handler as invoice_trigger
from tests.integration.installed_stack import NEW_INVOICE
from tests.integration.local_stack import Event, LocalStack
from tests.reliability.containers import Containers, Until, fresh

TICK_EVERY = 300.0
LASTS = 900.0
CALLS_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Frozen:
    """`calls` are all that Huntress was asked, ticks included; `answers` are the planners'."""

    organizations: int
    calls: int
    took: timedelta
    most_reads: int
    answers: tuple[str, ...]
    done: bool

    @property
    def calls_each(self) -> float:
        """Calls per organization."""
        return self.calls / self.organizations

    @property
    def of_limit(self) -> float:
        """The time it took, over the least time that one call per organization needs."""
        return self.took / timedelta(minutes=self.organizations / CALLS_A_MINUTE)

    def __str__(self) -> str:
        state = "frozen" if self.done else "NOT FROZEN"
        return (
            f"{self.organizations} organizations: {state} after {self.took},"
            f" {self.calls_each:.3f} calls per organization,"
            f" {self.of_limit:.3f} times the least time at Huntress's limit,"
            f" {len(self.answers)} planners, no organization read more than {self.most_reads} times"
        )


class FreezeWithTicks:
    """The invoice appears; the schedule ticks every five minutes until its usage is frozen."""

    def __init__(self, stack: LocalStack, containers: Containers, *, organizations: int) -> None:
        self._stack, self._containers = stack, containers
        self._organizations = organizations
        self._answers: list[str] = []

    def run(self, *, at_most: timedelta) -> Frozen:
        """Deliver events and ticks until a run has taken the invoice, for so long at most."""
        began = datetime.now(UTC)
        before = len(self._stack.huntress.requests)
        self._stack.invoice_appears()
        with self._containers.running():
            self._containers.start(self._tick)
            while not self._done and datetime.now(UTC) - began < at_most:
                self._containers.step()
                for event in self._stack.put_events():
                    self._plan(event)
        asked = Counter(call.path for call in self._stack.huntress.requests[before:])
        reads = [n for path, n in asked.items() if path.startswith("/v1/organizations/")]
        return Frozen(
            organizations=self._organizations,
            calls=asked.total(),
            took=datetime.now(UTC) - began,
            most_reads=max(reads),
            answers=tuple(self._answers),
            done=self._done,
        )

    @property
    def _done(self) -> bool:
        record = self._stack.invoices.get(NEW_INVOICE)
        return record is not None and record.state is InvoiceState.RUN

    def _tick(self) -> None:
        self._containers.start(self._tick, after=TICK_EVERY)
        self._invoke({"action": "tick"})

    def _plan(self, event: Event) -> None:
        self._stack.events.append(event)
        self._containers.start(lambda: self._answers.append(self._invoke(event)))

    def _invoke(self, event: Event) -> str:
        context = Until(end=datetime.now(UTC).timestamp() + LASTS)
        return str(fresh(invoice_trigger).handler(event, context))
