"""Sending each company with work to company-sync."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing_sync.domain.applying import OpenCompany
from billing_sync.domain.run import Run
from billing_sync.flows.ports import Clock, Queue, Runs


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Sends messages and remembers which were sent; what SQS does not take stays to be sent."""

    runs: Runs
    queue: Queue
    clock: Clock

    def unsent(self, run: Run) -> int:
        """Send every company that no message was sent for; how many were sent."""
        return self.send(run, [c for c in self.runs.open_companies(run) if c.sent == 0])

    def send(self, run: Run, companies: Iterable[OpenCompany]) -> int:
        """Send one more message for each of these companies; how many were sent."""
        sent = self.queue.send(run, companies)
        for company in sent:
            self.runs.mark_sent(run, company, at=self.clock())
        return len(sent)
