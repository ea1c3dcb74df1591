"""company-sync, composed; it never reaches Huntress or the config table."""

from dataclasses import dataclass

from billing_sync.adapters.aws.bus import EventBus
from billing_sync.adapters.aws.queue import CompanyQueue
from billing_sync.adapters.events.bus_events import Delivery, company_message
from billing_sync.adapters.ledger.effects import LedgerEffects
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.compose.aws import client, table
from billing_sync.compose.connectwise import ConnectWiseAccess
from billing_sync.compose.invocation import Invocation, now
from billing_sync.domain.errors import Blocked
from billing_sync.flows.apply.apply_company import Applied, Apply
from billing_sync.flows.apply.close_run import Closer
from billing_sync.settings import CompanySyncSettings


@dataclass(frozen=True, slots=True)
class CompanySync:
    """The protocol, and the queue to hand messages back to."""

    apply: Apply
    queue: CompanyQueue

    def take(self, delivery: Delivery) -> Applied:
        """Apply the company of the message; an invalid message becomes a dead letter."""
        try:
            message = company_message(delivery.body)
            applied = self.apply.apply(
                message.run_id, message.company_id, received=delivery.received
            )
        except Blocked as refused:
            applied = Applied(hand_back=0, why=str(refused))
        if applied.hand_back is not None:
            self.queue.hand_back(delivery.receipt, seconds=applied.hand_back)
        return applied


def company_sync(settings: CompanySyncSettings, invocation: Invocation) -> CompanySync:
    """Compose the function from its settings."""
    connectwise = ConnectWiseAccess(
        settings.connectwise_secret,
        invocation=invocation,
        allow_loopback=settings.allow_loopback == "1",
    )
    ledger = table(settings.ledger_table)
    runs = LedgerRuns(ledger)
    bus = EventBus(client("events"), name=settings.bus_name)
    return CompanySync(
        Apply(
            connectwise=connectwise,
            refresh_credentials=connectwise.refresh,
            runs=runs,
            effects=LedgerEffects(ledger),
            closer=Closer(runs, bus, now),
            clock=now,
            time_left=invocation.time_left,
        ),
        CompanyQueue(client("sqs"), url=settings.queue_url),
    )
