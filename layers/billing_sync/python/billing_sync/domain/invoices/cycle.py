"""Billing cycles: the invoices that together bill one period, and what each of them bills."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing_sync.domain.invoices.lifecycle import InvoiceRecord, invoice_key
from billing_sync.domain.invoices.product_scope import Products, covers, plan_key
from billing_sync.domain.vendors.huntress import Invoice, InvoiceSource, Period, UsageLine
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage

ONE_CYCLE = timedelta(days=20)
LONGEST_MONTH = timedelta(days=45)
Cycle = tuple[InvoiceRecord, ...]


@dataclass(frozen=True, slots=True)
class CycleInvoice:
    """Another invoice of the billing cycle, with its counts of the products that it covers.

    `run_id` is the run that took it, "" while none has.
    """

    invoice: Invoice
    run_id: str
    usage: tuple[OrganizationUsage, ...]

    @property
    def key(self) -> str:
        """The invoice's name in the ledger."""
        return invoice_key(self.invoice)


def cycles(records: Iterable[InvoiceRecord]) -> tuple[Cycle, ...]:
    """The billing cycles of all sources, the oldest first, each with its oldest invoice first.

    A cycle begins with its first invoice. One of the same source that bills the same period belongs
    to it, whenever it comes; where a period is not known, one within 20 days.
    """
    found: list[list[InvoiceRecord]] = []
    for record in sorted(records, key=lambda r: (r.invoice.created_at, r.invoice.id)):
        same = [c for c in reversed(found) if c[0].invoice.source is record.invoice.source]
        own = next((c for c in same if _same_period(record, c)), None)
        if own is None and same and _within_days(record, same[0]):
            own = same[0]
        if own is None:
            found.append([record])
        else:
            own.append(record)
    return tuple(map(tuple, found))


def _same_period(record: InvoiceRecord, cycle: Iterable[InvoiceRecord]) -> bool:
    return record.period is not None and any(
        other.period is not None and record.period.mostly_shared(other.period) for other in cycle
    )


def _within_days(record: InvoiceRecord, cycle: list[InvoiceRecord]) -> bool:
    known = record.period is not None and any(other.period is not None for other in cycle)
    if known:  # guard: period-decides
        return False
    return record.invoice.created_at - cycle[0].invoice.created_at < ONE_CYCLE


def billed_period(lines: Iterable[UsageLine]) -> Period | None:
    """The period that most of an invoice's lines bill, the earliest of several; None without any.

    Source: docs/vendors/huntress.md#reseller-invoices.
    """
    counts = Counter(line.period for line in lines if line.period)
    first = sorted(counts, key=lambda period: (-counts[period], period.start, period.end))
    return first[0] if first else None


def annual(invoice: Invoice, period: Period | None) -> str:
    """Why this invoice is of no monthly cycle, or "" where it is or nobody knows."""
    if period is None or period.length <= LONGEST_MONTH:  # guard: annual-invoice
        return ""
    return (
        f"most lines of invoice {invoice.id} bill {period.start:%Y-%m-%d} to"
        f" {period.end:%Y-%m-%d}, which is more than a month"
    )


def cycle_of(invoice: Invoice, records: Iterable[InvoiceRecord]) -> Cycle:
    """The invoices of the cycle that has this one; () when it was not seen."""
    return next((cycle for cycle in cycles(records) if _has(cycle, invoice)), ())


def earlier_cycles(invoice: Invoice, records: Iterable[InvoiceRecord]) -> tuple[Cycle, ...]:
    """The cycles before the invoice's own, the oldest first."""
    earlier, _ = _around(invoice, records)
    return earlier


def _around(
    invoice: Invoice, records: Iterable[InvoiceRecord]
) -> tuple[tuple[Cycle, ...], tuple[Cycle, ...]]:
    """The cycles that began before the invoice's own, and those that began after it."""
    everything = cycles(records)
    own = next((cycle for cycle in everything if _has(cycle, invoice)), ())
    began = own[0].invoice.created_at if own else invoice.created_at
    others = [cycle for cycle in everything if cycle is not own]
    return (
        tuple(cycle for cycle in others if cycle[0].invoice.created_at <= began),
        tuple(cycle for cycle in others if cycle[0].invoice.created_at > began),
    )


def _has(cycle: Cycle, invoice: Invoice) -> bool:
    return invoice_key(invoice) in (record.key for record in cycle)


def awaited(
    last: Iterable[CycleInvoice], shown: frozenset[int], *, anchor: datetime, now: datetime
) -> dict[str, str]:
    """The invoices of the last cycle whose successor has not come, by key, each as a message.

    `shown` are the organizations on the invoices of this cycle so far, which `anchor` began. After
    20 days none is waited for any more.
    """
    if now - anchor >= ONE_CYCLE:
        return {}
    return {
        other.key: f"waiting for the invoice that lists it, as {_named(other.invoice)} did, until"
        f" {anchor + ONE_CYCLE:%Y-%m-%d}"
        for other in last
        if shown.isdisjoint(usage.organization_id for usage in other.usage)
    }


def newer_cycle(invoice: Invoice, records: Iterable[InvoiceRecord]) -> str:
    """Why this invoice is of an older cycle than one that was billed, or "" when it is not."""
    _, later = _around(invoice, records)
    newer = [record for cycle in later for record in cycle if record.run_id]
    if not newer:
        return ""
    last = max(newer, key=lambda record: record.invoice.created_at)
    return f"{_named(last.invoice)} is newer and already started run {last.run_id}"


def already_billed(
    usage: Iterable[OrganizationUsage], others: Iterable[CycleInvoice]
) -> dict[Cell, str]:
    """Of these counts those that another invoice of the cycle has billed, with both numbers."""
    own = _known(usage)
    found: dict[Cell, str] = {}
    for other in others:
        if not other.run_id:
            continue
        for cell, (name, units) in _known(other.usage).items():
            if cell in own:  # guard: one-billing-event
                found[cell] = (
                    f"{_named(other.invoice)} already started run {other.run_id} in this cycle and"
                    f" counts {units} {cell[1]} of {name}, this one {own[cell][1]}"
                )
    return found


def with_other_invoices(
    usage: tuple[OrganizationUsage, ...],
    others: Iterable[CycleInvoice],
    *,
    covered: Products = (),
) -> tuple[OrganizationUsage, ...]:
    """The usage with what only the cycle's other invoices count, by their keys.

    An account's counts show all organizations, so that nothing is added to the products `covered`
    by the invoice (() is all).
    """
    found = {u.organization_id: u for u in usage}
    for other in others:
        exact = other.invoice.source is InvoiceSource.RESELLER
        for organization in other.usage:
            known = found.get(organization.organization_id) or replace(organization, readings=())
            have = {reading.product for reading in known.readings}
            more = tuple(
                replace(reading, invoice=other.key)
                for reading in organization.readings
                if reading.product not in have and (exact or not covers(covered, reading.product))
            )
            if not more:
                continue
            found[organization.organization_id] = replace(known, readings=(*known.readings, *more))
    return tuple(found.values())


def counted_on(keys: frozenset[str], usage: Iterable[OrganizationUsage]) -> frozenset[Cell]:
    """What the invoices with these keys count in the usage of a cycle."""
    return frozenset(
        (organization.organization_id, reading.product)
        for organization in usage
        for reading in organization.readings
        if reading.invoice in keys
    )


def without_cells(
    usage: Iterable[OrganizationUsage], cells: frozenset[Cell]
) -> tuple[OrganizationUsage, ...]:
    """The usage without these counts."""
    return tuple(
        replace(
            organization,
            readings=tuple(
                reading
                for reading in organization.readings
                if (organization.organization_id, reading.product) not in cells
            ),
        )
        for organization in usage
    )


def _known(usage: Iterable[OrganizationUsage]) -> dict[Cell, tuple[str, int]]:
    return {
        (organization.organization_id, reading.product): (
            organization.organization_name,
            reading.units,
        )
        for organization in usage
        for reading in organization.readings
        if reading.units is not None
    }


def _named(invoice: Invoice) -> str:
    return f"invoice {invoice.id} of {invoice.created_at:%Y-%m-%d}"


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
        and timedelta(0) <= later < ONE_CYCLE
    )
