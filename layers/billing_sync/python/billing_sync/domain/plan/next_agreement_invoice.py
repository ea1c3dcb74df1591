"""When a client sees a change: on the next invoice of the agreement."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from billing_sync.domain.plan.in_effect import ends_on
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.vendors.connectwise import Addition, Agreement


def next_invoice(agreement: Agreement, *, today: date) -> date | None:
    """The day of the agreement's next invoice, None where it is not known.

    A date that has passed was missed or moved by somebody, and says nothing about the next one.
    """
    day = agreement.next_invoice_date
    return day if day and day >= today else None


def ends_first(addition: Addition, agreement: Agreement, *, today: date) -> date | None:
    """The day the addition ends, where that is not after the agreement's next invoice, or today.

    An agreement may have ended while its status still says Active.
    """
    ends = ends_on(addition, agreement)
    until = next_invoice(agreement, today=today) or today
    return ends if ends and ends <= until else None


def takes_effect(row: Row, *, today: date) -> str:
    """`on the invoice of 2026-08-01`; "" where nothing may be written or the date is unknown.

    A quantity is current state in ConnectWise: a change goes onto the agreement's next invoice, and
    an invoice that exists already does not change
    (docs/vendors/connectwise.md#when-a-quantity-takes-effect). So one rule covers agreements
    billed monthly or yearly, in advance or in arrears: where the current period was invoiced
    already, the next invoice date lies beyond it. `periodType` might show whether an agreement is
    billed in advance, but ConnectWise does not document its values, so it is not used. Nor is it
    known which addition an invoice bills that comes after the end of one.
    """
    to_write = row.to_write or (row.outcome is Outcome.HELD and row.target is not None)
    if not to_write or row.next_invoice is None or row.next_invoice < today or row.ends_on:
        return ""
    unless = ", unless that is made first" if row.next_invoice == today else ""
    return f"on the invoice of {row.next_invoice}{unless}"


def dated(rows: Iterable[Row], *, today: date) -> tuple[Row, ...]:
    """The rows, each saying when it takes effect."""
    return tuple(replace(row, takes_effect=takes_effect(row, today=today)) for row in rows)
