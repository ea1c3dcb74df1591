"""What was found after runs, in the ledger."""

from datetime import datetime

from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.apply.drift import Drift
from billing_sync.domain.runs.run import Run


class LedgerDrifts:
    """`RUN#<id>/DRIFT#<addition>#<kind>#<ConnectWise's time of the save>#<what was found>`."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def of(self, run: Run) -> tuple[Drift, ...]:
        """Everything found after this run, by addition."""
        items = self._table.query(f"RUN#{run.id}", "DRIFT#")
        return tuple(from_item(Drift, item) for item in items)

    def known(self, run: Run, drift: Drift) -> bool:
        """Whether it was found before."""
        return self._table.get(*_key(run, drift)) is not None

    def add(self, run: Run, drift: Drift) -> None:
        """Keep a finding; the same one found again changes nothing."""
        self._table.write(Change(*_key(run, drift), put=to_item(drift), absent=("pk",)))

    def announced(self, run: Run, drift: Drift, *, at: datetime) -> None:
        """Remember that people were notified."""
        self._table.write(Change(*_key(run, drift), set={"announced_at": at.isoformat()}))


def _key(run: Run, drift: Drift) -> tuple[str, str]:
    found = f"{drift.kind}#{drift.at}#{drift.found}"
    return f"RUN#{run.id}", f"DRIFT#{drift.addition_id:012d}#{found}"
