"""Invoices that are applied some days after they were made, by the settings."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing_sync.domain.config.settings import Settings
from billing_sync.domain.invoices.lifecycle import InvoiceRecord
from billing_sync.domain.vendors.huntress import Invoice


def applied_from(invoice: Invoice, settings: Settings) -> datetime:
    """When the invoice may be applied: at once, or from midnight in the settings' time zone."""
    if not settings.apply_after_days:
        return invoice.created_at
    zone = ZoneInfo(settings.time_zone)
    made = invoice.created_at.astimezone(zone).date()
    day = made + timedelta(days=settings.apply_after_days)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def delayed(record: InvoiceRecord, settings: Settings, *, now: datetime) -> InvoiceRecord:
    """The record with its day by the current settings, which may have changed since.

    Its usage does not wait: that is frozen as soon as the invoice is seen.
    """
    begins = applied_from(record.invoice, settings)
    if begins > now:
        day = begins.astimezone(ZoneInfo(settings.time_zone)).date()
        delay = f"apply_after_days is {settings.apply_after_days} in the settings"
        return replace(record, apply_from=begins, reason=f"planned to be applied on {day}: {delay}")
    return replace(record, apply_from=now) if record.waits_for_its_day(now) else record
