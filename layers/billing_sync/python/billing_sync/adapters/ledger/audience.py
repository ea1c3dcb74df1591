"""Who receives notifications, in the ledger."""

from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.runs.audience import Audience

KEY = ("CHECK#NOTIFICATIONS", "AUDIENCE")


class LedgerAudience:
    """`CHECK#NOTIFICATIONS/AUDIENCE`: what the newest look found; no item before anything did."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def get(self) -> Audience:
        """What is known."""
        item = self._table.get(*KEY)
        return from_item(Audience, item) if item else Audience()

    def save(self, audience: Audience, *, was: Audience) -> None:
        """Write what changed."""
        if audience != was:
            self._table.write(Change(*KEY, set=to_item(audience)))
