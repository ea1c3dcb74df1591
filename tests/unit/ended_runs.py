"""Ended runs and their documents, made of rows alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from billing_sync.domain.apply.row_state import RowState, planned_rows
from billing_sync.domain.plan.plan import Coverage, ProductTieOut, Remainder, Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.report.document import Document, run_document
from billing_sync.domain.runs.close import closed
from billing_sync.domain.runs.run import BY_INVOICE, Mode, Request, Run, Status
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import INVOICED, an_invoice


def states_of(rows: Iterable[Row]) -> tuple[RowState, ...]:
    """Rows whose work, where they had any, is done."""
    return tuple(replace(state, done=True) for state in planned_rows(rows, apply=True))


def an_ended_run(
    rows: Iterable[Row],
    remainders: Iterable[Remainder] = (),
    *,
    mode: Mode = Mode.SYNC,
    **changes: object,
) -> Run:
    """A run of an invoice that ended with these rows, everything read; a preview wrote nothing."""
    rows, remainders = tuple(rows), tuple(remainders)
    used: Counter[Product] = Counter()
    for row in rows:
        for part in row.parts:
            used[part.product] += part.known_units
    for remainder in remainders:
        used[remainder.product] += remainder.units or 0
    run = Run(
        f"000001-{mode}",
        1,
        Status.APPLYING if mode.writes else Status.PLANNING,
        Request(mode, BY_INVOICE),
        INVOICED,
        invoice=an_invoice(),
        planned_at=INVOICED,
        plan_hash="ab" * 32,
        coverage=Coverage(1, 1),
        tie_out=tuple(ProductTieOut(product, used[product], 0, {}) for product in Product),
    )
    return closed(replace(run, **changes), states_of(rows), remainders, at=INVOICED)


def a_document(
    rows: Iterable[Row],
    remainders: Iterable[Remainder] = (),
    *,
    mode: Mode = Mode.SYNC,
    **changes: object,
) -> Document:
    """The document of such a run."""
    rows, remainders = tuple(rows), tuple(remainders)
    run = an_ended_run(rows, remainders, mode=mode, **changes)
    return run_document(run, states_of(rows), remainders)


def a_blocked_row(row: Row, **changes: object) -> Row:
    """The row with no addition to write to."""
    none = {"addition_id": None, "before": None, "target": None}
    return replace(row, outcome=Outcome.BLOCKED, **(none | changes))
