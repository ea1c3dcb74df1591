"""The states of an invoice that was seen: unclassified, baseline, waiting, taken by a run."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from billing_sync.domain.config.settings import Settings
from billing_sync.domain.vendors.huntress import Invoice, InvoiceSource, Period

# An event may be lost or fail: put it again after these waits, then once an hour.
PUT_AGAIN_AFTER = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=30))
PUT_AGAIN_LATER = timedelta(hours=1)
WAITING_TOO_LONG = timedelta(hours=72)
DRAFT, VOIDED = "draft", "voided"
UNCOUNTED_STATUSES = frozenset({DRAFT, VOIDED})


class InvoiceState(StrEnum):
    """Huntress has not finalised an `unclassified` invoice, so it is neither of the others yet.

    `baseline` never starts by itself; `waiting` starts as soon as it can; `run` was taken.
    """

    UNCLASSIFIED = "unclassified"
    BASELINE = "baseline"
    WAITING = "waiting"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """`INVOICES/<source>#<id>`: an invoice we have seen. `reason` says why it is in its state.

    `run_id` is the run that took it, `attempt_run_id` the one that is trying to. `freeze` is false
    where its usage is never read (it is older than this stack); `freeze_since` is when reading it
    began, `frozen_at` when nothing more is read for it. `apply_from` is when a delay by the
    settings ends. `counts_of` is the key of the voided invoice whose usage it took over.
    `voided_announced_at` is when the voiding, after a run took it, was reported. `lease_owner` is
    the invocation that is planning it, until `lease_until` at the latest, and `lease_run_id` the
    requested run that it plans. `period` is what most of a reseller invoice's lines bill, once they
    were read. Times are aware UTC.
    """

    invoice: Invoice
    state: InvoiceState
    reason: str
    seen_at: datetime
    freeze: bool = True
    freeze_since: datetime | None = None
    frozen_at: datetime | None = None
    puts: int = 0
    put_at: datetime | None = None
    run_id: str = ""
    attempt_run_id: str = ""
    apply_from: datetime | None = None
    counts_of: str = ""
    voided_announced_at: datetime | None = None
    lease_owner: str = ""
    lease_until: datetime | None = None
    lease_run_id: str = ""
    period: Period | None = None

    @property
    def key(self) -> str:
        """The invoice's name in the ledger."""
        return invoice_key(self.invoice)

    @property
    def only_late(self) -> bool:
        """Whether its usage was not read in time: only today's counts can be read."""
        lines = self.invoice.source is InvoiceSource.RESELLER
        return not lines and not self.freeze and self.frozen_at is None

    @property
    def wants_event(self) -> bool:
        """Whether something is left to do for it: freeze its usage, or start its run."""
        if not counts(self.invoice):
            return False
        waits = self.state is InvoiceState.WAITING
        return waits or (self.freeze and self.frozen_at is None)

    @property
    def voided(self) -> bool:
        """Whether Huntress voided it."""
        return self.invoice.status == VOIDED

    def waits_for_its_day(self, now: datetime) -> bool:
        """Whether a delay by the settings has not passed yet."""
        return self.apply_from is not None and now < self.apply_from

    def due(self, now: datetime) -> bool:
        """Whether its event is to be put (again) now."""
        if not self.wants_event or (self.frozen_at and self.waits_for_its_day(now)):
            return False
        if self.leased(now):  # guard: no-event-while-leased
            return False
        planner_died = self.lease_owner != ""  # guard: expired-lease-due
        if self.put_at is None or planner_died:
            return True
        waits = dict(enumerate(PUT_AGAIN_AFTER))
        return now >= self.put_at + waits.get(max(self.puts - 1, 0), PUT_AGAIN_LATER)

    def leased(self, now: datetime) -> bool:
        """Whether a planner is at work on it; one that died is until its lease expires."""
        return self.lease_until is not None and now < self.lease_until

    def waits_too_long(self, now: datetime) -> bool:
        """Whether an alarm should report that it still waits."""
        waits = self.state is InvoiceState.WAITING and counts(self.invoice)
        since = max(
            self.seen_at,
            self.apply_from  # guard: asked-for-wait
            or self.seen_at,
        )
        return waits and now - since > WAITING_TOO_LONG


def invoice_key(invoice: Invoice) -> str:
    """`account#5003`: unique over both kinds of credentials."""
    return f"{invoice.source}#{invoice.id}"


def counts(invoice: Invoice) -> bool:
    """Whether the invoice bills usage: Huntress says so and it is neither draft nor voided."""
    return (
        invoice.has_usage
        and invoice.status not in UNCOUNTED_STATUSES  # guard: drafts-start-nothing
    )


def first_seen(
    invoice: Invoice, *, first_look: bool, sync_enabled: bool, now: datetime
) -> InvoiceRecord:
    """The record of an invoice that is seen, or seen finalised, for the first time."""
    if invoice.status == DRAFT:  # guard: drafts-unclassified
        return InvoiceRecord(invoice, InvoiceState.UNCLASSIFIED, _why_waiting(invoice), now)
    if first_look:  # guard: first-look-starts-nothing
        return InvoiceRecord(
            invoice,
            InvoiceState.BASELINE,
            "it was there at the first look",
            now,
            freeze=False,
        )
    if not sync_enabled:  # guard: seen-while-off
        return InvoiceRecord(invoice, InvoiceState.BASELINE, "sync was off when it appeared", now)
    return InvoiceRecord(invoice, InvoiceState.WAITING, _why_waiting(invoice), now)


def seen_again(
    record: InvoiceRecord, invoice: Invoice, *, sync_enabled: bool, now: datetime
) -> InvoiceRecord:
    """The record of an invoice that Huntress shows changed."""
    if record.state is InvoiceState.UNCLASSIFIED and invoice.status != DRAFT:
        return first_seen(invoice, first_look=False, sync_enabled=sync_enabled, now=now)
    if record.state is InvoiceState.WAITING:
        return replace(record, invoice=invoice, reason=_why_waiting(invoice))
    return replace(record, invoice=invoice)


def _why_waiting(invoice: Invoice) -> str:
    if not invoice.has_usage:
        return "made by hand, without usage"
    if invoice.status in UNCOUNTED_STATUSES:
        return f"its status is {invoice.status}"
    return "new"


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
