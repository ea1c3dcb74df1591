"""Which writing runs an invoice had, in the ledger: what its statement is folded from."""

from billing_sync.adapters.ledger.items import from_item
from billing_sync.adapters.ledger.runs import WRITING_RUN
from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.domain.statement.statement import Decision


class LedgerStatements:
    """`INVOICE#<key>/RUN#<turn>`, put when a plan is committed, and `DECISIONS/<run>#<row>`."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def runs_over(self, key: str) -> tuple[str, ...]:
        """The ids of the committed writing runs over the invoice `key`, in the order of turns."""
        return tuple(
            str(item["run_id"]) for item in self._table.query(f"INVOICE#{key}", WRITING_RUN)
        )

    def decisions(self, run_id: str) -> tuple[Decision, ...]:
        """What people decided about rows that this run planned."""
        items = self._table.query("DECISIONS", f"{run_id}#")
        return tuple(from_item(Decision, item) for item in items)
