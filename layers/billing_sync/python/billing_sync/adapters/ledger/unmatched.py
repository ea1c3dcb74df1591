"""What runs found billed without usage, in the ledger."""

from collections.abc import Iterable

from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.domain.plan.unmatched import Stray
from billing_sync.domain.runs.run import Run


class LedgerStrays:
    """`RUN#<id>/STRAY#<pass>#<addition>`; those of the committed pass count."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def save(self, run: Run, strays: Iterable[Stray]) -> None:
        """Write what the pass of this run found."""
        self._table.put_all(
            {"pk": f"RUN#{run.id}", "sk": f"{_prefix(run)}{s.addition_id:012d}", **to_item(s)}
            for s in strays
        )

    def of(self, run: Run) -> tuple[Stray, ...]:
        """What was found, by addition."""
        items = self._table.query(f"RUN#{run.id}", _prefix(run))
        return tuple(from_item(Stray, item) for item in items)


def _prefix(run: Run) -> str:
    return f"STRAY#{run.plan_pass:04d}#"
