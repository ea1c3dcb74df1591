"""One addition belongs to one row: where several rows claim it, none may write."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from billing_sync.domain.plan.plan import Row, blocked
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.planning.rows import FIND_AGREEMENT


def one_row_each(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows, blocked where several claim one addition (by an identifier two items share)."""
    rows = tuple(rows)
    claims = Counter(row.addition_id for row in rows)
    return tuple(
        _claimed_twice(row) if row.addition_id and claims[row.addition_id] > 1 else row
        for row in rows
    )


def _claimed_twice(row: Row) -> Row:
    message = (
        f"addition {row.addition_id} on '{row.agreement_name}' (id {row.agreement_id}) matches"
        f" several catalog items. {FIND_AGREEMENT} Additions > choose its product again."
    )
    return replace(
        blocked(row, Reason.AMBIGUOUS, message),
        agreement_id=None,
        agreement_name="",
        billing_cycle="",
        next_invoice=None,
        addition_id=None,
        before=None,
        currency="",
    )
