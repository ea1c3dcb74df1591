"""What statements are folded from, in the ledger: an invoice's writing runs, people's decisions."""

from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.plans import row_taken
from billing_sync.adapters.ledger.runs import WRITING_RUN
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.apply.row_state import DECLINED, RowState
from billing_sync.domain.runs.run import Run
from billing_sync.domain.statement.statement import Decision

DECISIONS = "DECISIONS"


class LedgerStatements:
    """`INVOICE#<key>/RUN#<turn>`, put when a plan is committed, and decisions.

    A decision is `DECISIONS/<run id>#<company id>#<row key>`: rows without an addition have the
    same key in several companies.
    """

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def runs_over(self, key: str) -> tuple[str, ...]:
        """The ids of the committed writing runs over the invoice `key`, in the order of turns."""
        return tuple(
            str(item["run_id"]) for item in self._table.query(f"INVOICE#{key}", WRITING_RUN)
        )

    def decisions(self, run_id: str) -> tuple[Decision, ...]:
        """What people decided about rows that this run planned."""
        items = self._table.query(DECISIONS, f"{run_id}#")
        return tuple(from_item(Decision, item) for item in items)

    def decline(self, run: Run, state: RowState, decision: Decision) -> bool:
        """Keep the decision, and take the row; False when it was taken or decided by then."""
        key = f"{run.id}#{decision.company_id}#{decision.key}"
        return self._table.write(
            row_taken(run, state, by=DECLINED),  # guard: declined-or-released
            Change(
                DECISIONS,
                key,
                put=to_item(decision),
                absent=("pk",),  # guard: decided-once
            ),
        )
