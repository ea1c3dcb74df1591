"""When a client sees a change: on the next invoice of the agreement."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome


def takes_effect(row: Row, *, today: date) -> str:
    """`on the invoice of 2026-08-01`; "" where nothing may be written or the date is unknown.

    A quantity is current state in ConnectWise: a change goes onto the agreement's next invoice, and
    an invoice that exists already does not change
    (docs/vendors/connectwise.md#when-a-quantity-takes-effect). So one rule covers agreements
    billed monthly or yearly, in advance or in arrears: where the current period was invoiced
    already, the next invoice date lies beyond it. `periodType` might show whether an agreement is
    billed in advance, but ConnectWise does not document its values, so it is not used. A date that
    has passed was missed or moved by somebody, and says nothing about the next one.
    """
    to_write = row.to_write or (row.outcome is Outcome.HELD and row.target is not None)
    if not to_write or row.next_invoice is None or row.next_invoice < today:
        return ""
    unless = ", unless that is made first" if row.next_invoice == today else ""
    return f"on the invoice of {row.next_invoice}{unless}"


def dated(rows: Iterable[Row], *, today: date) -> tuple[Row, ...]:
    """The rows, each saying when it takes effect."""
    return tuple(replace(row, takes_effect=takes_effect(row, today=today)) for row in rows)
