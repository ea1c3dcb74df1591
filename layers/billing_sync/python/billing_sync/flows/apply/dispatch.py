"""Sending each company with work to company-sync."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing_sync.domain.apply.row_state import OpenCompany
from billing_sync.domain.runs.run import Run
from billing_sync.flows.planning.checkpoints import OutOfTime
from billing_sync.flows.ports import Clock, Queue, Runs, TimeLeft

AT_ONCE = 100
RESERVE = 30.0  # seconds of an invocation kept for sending so many and what follows


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Sends messages and remembers which were sent; what SQS does not take stays to be sent."""

    runs: Runs
    queue: Queue
    time_left: TimeLeft
    clock: Clock

    def unsent(self, run: Run) -> int:
        """Send every company that no message was sent for; how many were sent."""
        return self.send(run, [c for c in self.runs.open_companies(run) if c.sent == 0])

    def send(self, run: Run, companies: Iterable[OpenCompany]) -> int:
        """Send one more message for each of these companies; how many were sent.

        Raises `OutOfTime` when the others have to be sent by another invocation.
        """
        waiting = list(companies)
        total = 0
        while waiting:
            if self.time_left() < RESERVE:
                raise OutOfTime(f"{len(waiting)} companies are still to be sent")
            some, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            sent = self.queue.send(run, some)
            for company in sent:
                self.runs.mark_sent(run, company, at=self.clock())
            total += len(sent)
        return total
