"""The ledger's side of an effect: the intent before it, the result after it, the audit of both."""

from dataclasses import replace
from datetime import datetime

from billing_sync.adapters.ledger.items import Item, from_item, to_item
from billing_sync.adapters.ledger.plans import permit_open, row_change
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.apply.protocol import Finish, Intent
from billing_sync.domain.apply.row_state import AuditEntry, RowState, Written
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Run

WRITTEN = "ADDITIONS"


class LedgerEffects:
    """Intents, results and `ADDITIONS/<id>`, the last quantity we wrote to each addition."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def intend(self, run: Run, state: RowState, intent: Intent) -> bool:
        """Write the intent and its audit entry; False when permit or row no longer allow it."""
        intended = replace(state, intent=intent)
        return self._table.write(
            permit_open(run, state.row.company_id),  # guard: permit-for-intent
            row_change(run, intended, when=_as_it_stood(state)),
            _audit(run, intended, "intent", at=intent.at),  # guard: audit-with-intent
        )

    def refuse(self, run: Run, state: RowState) -> bool:
        """Count the last attempt as none; its intent stays, for the write may land all the same."""
        counted = replace(state, refused=state.refused + 1)
        return self._table.write(row_change(run, counted, when=_as_it_stood(state)))

    def finish(self, run: Run, state: RowState, finish: Finish, *, at: datetime) -> bool:
        """Make the row terminal; with an effect of ours, also its audit entry and last value.

        False when the row was terminal already or another worker went on with it.
        """
        message = finish.message or state.row.message
        row = replace(state.row, outcome=finish.outcome, reason=finish.reason, message=message)
        changes = [row_change(run, replace(state, row=row, done=True), when=_as_it_stood(state))]
        if state.intent:
            outcome = finish.outcome.value
            changes.append(_audit(run, state, "result", at=at, outcome=outcome, message=message))
        if finish.outcome is Outcome.UPDATED:
            changes.append(_written(run, state))
        return self._table.write(*changes)

    def written(self) -> tuple[Written, ...]:
        """The last quantity we wrote to every addition we ever wrote."""
        return tuple(from_item(Written, item) for item in self._table.query(WRITTEN))


def _as_it_stood(state: RowState) -> Item:
    return {
        "done": False,  # guard: done-stays-done
        "intent": to_item(state)["intent"],  # guard: one-worker-per-row
    }


def _written(run: Run, state: RowState) -> Change:
    row = state.row
    assert row.addition_id and row.agreement_id and row.catalog_item_id
    last = Written(
        addition_id=row.addition_id,
        agreement_id=row.agreement_id,
        catalog_item_id=row.catalog_item_id,
        company_id=row.company_id,
        company_name=row.company_name,
        quantity=row.written,
        run_id=run.id,
        turn=run.turn,
    )
    return Change(WRITTEN, f"{row.addition_id:012d}", put=to_item(last))


def _audit(
    run: Run, state: RowState, kind: str, *, at: datetime, outcome: str = "", message: str = ""
) -> Change:
    row = state.row
    assert state.intent and row.addition_id and row.agreement_id
    assert row.before is not None and row.target is not None
    entry = AuditEntry(
        addition_id=row.addition_id,
        agreement_id=row.agreement_id,
        company_id=row.company_id,
        run_id=run.id,
        turn=run.turn,
        attempt=state.intent.attempt,
        kind=kind,
        by=run.request.by,
        at=at,
        before=row.before,
        target=row.target,
        outcome=outcome,
        message=message,
    )
    return Change(
        f"ADDITION#{row.addition_id}",
        f"AUDIT#{run.turn:012d}#{entry.attempt:04d}#{kind}",
        put=to_item(entry),
        absent=("pk",),
    )
