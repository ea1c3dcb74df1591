"""Invoices that Huntress voided and issued again: the new one bills the old one's counts."""

from collections.abc import Iterable
from datetime import timedelta

from billing_sync.domain.invoices.lifecycle import ONE_BILLING_EVENT, InvoiceRecord
from billing_sync.domain.invoices.product_scope import plan_key
from billing_sync.domain.vendors.huntress import InvoiceSource


def reissue_of(record: InvoiceRecord, others: Iterable[InvoiceRecord]) -> InvoiceRecord | None:
    """The voided invoice whose frozen usage this one takes over, if any.

    A reseller's invoice has exact lines of its own and takes over nothing.
    """
    if record.invoice.source is InvoiceSource.RESELLER:
        return None
    voided = [other for other in others if _replaced_by(record, other)]
    return max(voided, key=lambda r: (r.invoice.created_at, r.invoice.id), default=None)


def _replaced_by(record: InvoiceRecord, other: InvoiceRecord) -> bool:
    later = record.invoice.created_at - other.invoice.created_at
    return (
        other.key != record.key
        and other.invoice.source is record.invoice.source
        and other.voided  # guard: only-voided-replaced
        and other.frozen_at is not None
        and plan_key(other.invoice.plan) == plan_key(record.invoice.plan)
        and timedelta(0) <= later < ONE_BILLING_EVENT
    )
