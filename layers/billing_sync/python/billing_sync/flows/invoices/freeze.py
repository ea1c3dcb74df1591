"""Freezing the usage of an invoice: known values once, unknown ones again until it is complete."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from billing_sync.domain.errors import BillingSyncError, Blocked, PermissionDenied, Retryable
from billing_sync.domain.invoices.cycle import billed_period, cycle_of, reissue_of
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, counts
from billing_sync.domain.usage import freeze as freezing
from billing_sync.domain.usage.freeze import READS
from billing_sync.domain.vendors.huntress import InvoiceSource, Organization, Period
from billing_sync.domain.vendors.usage import OrganizationUsage
from billing_sync.flows.planning.checkpoints import RESERVE, OutOfTime
from billing_sync.flows.ports import Clock, Huntress, Invoices, TimeLeft, UsageBook

NAMED_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Freeze:
    """Reads usage from where it is most exact and writes it down.

    Raises as Huntress's client does, and `OutOfTime` when another invocation is to go on.
    """

    huntress: Callable[[], Huntress]
    usage: UsageBook
    invoices: Invoices
    clock: Clock
    time_left: TimeLeft

    def freeze(self, record: InvoiceRecord) -> tuple[InvoiceRecord, str]:
        """Go on with the freeze of this invoice; and what it waits for, "" when it is complete.

        Of a complete one, what could not be read is read again.
        """
        if record.frozen_at:  # guard: frozen-once
            self._read_failed(record)
            return record, ""
        voided = reissue_of(record, self.invoices.all()) if record.freeze_since is None else None
        if voided:  # guard: reissue-keeps-counts
            return self._taken_over(record, voided), ""
        if record.freeze_since is None:
            record = self._saved(record, freeze_since=self.clock())
        if record.invoice.source is InvoiceSource.RESELLER:
            record = self._saved(record, period=self._read_lines(record))
            self._freeze_cycle(record)
        elif waiting := self.read_details(record.key, self._previous(record), reads=READS):
            return record, waiting
        return self._saved(record, frozen_at=self.clock()), ""

    def only_late(self, record: InvoiceRecord) -> bool:
        """Whether its usage can only be read as it is now: not read in time, nor imported."""
        return (
            record.only_late
            # guard: preview-of-import - imported counts replace a late reading
            and not self.usage.version(record.key)
        )

    def read_details(
        self,
        key: str,
        previous: dict[int, OrganizationUsage],
        *,
        reads: int,
        only: frozenset[int] | None = None,
    ) -> str:
        """Freeze every organization's detail, or `only` some; what is missing, "" when nothing is.

        An organization that fails so many `reads` is unknown, and no longer missing.
        """
        listed = self.usage.listed(key) or self._listed(only)
        frozen = self._frozen(key)
        missing = self._read_all(key, listed, frozen, previous, reads=reads)
        if missing:
            return (
                f"{len(missing)} of {len(listed)} organizations were not read:"
                f" {'; '.join(missing[:NAMED_AT_ONCE])}. The others are billed once these failed"
                f" {reads} reads, ten minutes apart"
            )
        return ""

    def _listed(self, only: frozenset[int] | None) -> tuple[Organization, ...]:
        everybody = self.huntress().organizations(InvoiceSource.ACCOUNT)
        return tuple(one for one in everybody if only is None or one.id in only)

    def _read_all(
        self,
        key: str,
        listed: tuple[Organization, ...],
        frozen: dict[int, OrganizationUsage],
        previous: dict[int, OrganizationUsage],
        *,
        reads: int,
    ) -> list[str]:
        """Read what is not known yet, what was never read first; what is still missing and why."""
        wanted = [one for one in listed if freezing.to_be_read(frozen.get(one.id), reads=reads)]
        wanted.sort(key=lambda one: frozen[one.id].failed_reads + 1 if one.id in frozen else 0)
        missing: list[str] = []
        refused: list[tuple[Organization, PermissionDenied]] = []
        read_any = any(not usage.failed_reads for usage in frozen.values())
        for number, organization in enumerate(wanted):
            if self.time_left() < RESERVE:
                self._save_refused(key, refused, frozen, reads=reads, read_any=read_any)
                self.usage.keep_listed(key, listed)
                raise OutOfTime(
                    f"{len(wanted) - number} of {len(listed)} organizations are still to be read"
                )
            try:
                fresh = self._read(organization.id, frozen.get(organization.id), previous)
            except PermissionDenied as error:
                refused.append((organization, error))
            except (Retryable, Blocked) as error:
                missing += self._save_failed(key, organization, frozen, error, reads=reads)
            else:
                read_any = True
                self.usage.save(key, [fresh], over=frozen)
        missing += self._save_refused(key, refused, frozen, reads=reads, read_any=read_any)
        return missing

    def _save_refused(
        self,
        key: str,
        refused: Sequence[tuple[Organization, PermissionDenied]],
        frozen: dict[int, OrganizationUsage],
        *,
        reads: int,
        read_any: bool,
    ) -> list[str]:
        """Save the organizations that these credentials may not read as failed; what is missing.

        Raises the refusal where no organization at all could be read: the credentials then need a
        person, and no organization is unknown.
        """
        if refused and not read_any:  # guard: key-reads-something
            raise refused[0][1]
        return [
            line
            for organization, error in refused
            for line in self._save_failed(key, organization, frozen, error, reads=reads)
        ]

    def _save_failed(
        self,
        key: str,
        organization: Organization,
        frozen: dict[int, OrganizationUsage],
        error: BillingSyncError,
        *,
        reads: int,
    ) -> list[str]:
        """Save that an organization could not be read; a line unless it is unknown by now."""
        was = frozen.get(organization.id)
        fresh = _failed(organization, was, error, read_at=self.clock())
        self.usage.save(key, [fresh] if fresh is not was else [], over=frozen)
        is_missing = 0 < fresh.failed_reads < reads
        return [f"{organization.name}: {_why(error)}"] if is_missing else []

    def _read(
        self,
        organization_id: int,
        was: OrganizationUsage | None,
        previous: dict[int, OrganizationUsage],
    ) -> OrganizationUsage:
        detail = self.huntress().organization(organization_id)
        fresh = freezing.from_detail(detail, previous.get(organization_id), read_at=self.clock())
        return freezing.merged(was, fresh) if was else fresh

    def _read_failed(self, record: InvoiceRecord) -> None:
        """Read again what could not be read while the usage was frozen; the rest stays."""
        frozen = self._frozen(record.key)
        failed = [usage for usage in frozen.values() if usage.failed_reads]
        previous = self._previous(record) if failed else {}
        for was in failed:
            if self.time_left() < RESERVE:
                return
            try:
                fresh = self._read(was.organization_id, was, previous)
            except (Retryable, Blocked, PermissionDenied) as error:
                fresh = freezing.unreadable_again(was, _why(error), read_at=self.clock())
            self.usage.save(record.key, [fresh], over=frozen)

    def _read_lines(self, record: InvoiceRecord) -> Period | None:
        """Freeze the usage lines of a reseller's invoice; the period they bill."""
        lines = self.huntress().usage_lines(record.invoice.id)
        frozen = self._frozen(record.key)
        fresh = [
            freezing.merged(frozen[one.organization_id], one)
            if one.organization_id in frozen
            else one
            for one in freezing.from_lines(lines, read_at=self.clock())
        ]
        self.usage.save(record.key, fresh, over=frozen)
        return billed_period(lines)

    def _freeze_cycle(self, record: InvoiceRecord) -> None:
        """Freeze the other invoices of the cycle that were seen: a client may be on several."""
        for other in cycle_of(record.invoice, self.invoices.all()):
            if other.key == record.key or other.frozen_at or not counts(other.invoice):
                continue
            try:
                period = self._read_lines(other)
            except (Retryable, Blocked, PermissionDenied):
                continue  # its own event reads it again; until then its units are unknown
            now = self.clock()
            self._saved(other, freeze_since=now, frozen_at=now, period=period)

    def _frozen(self, key: str) -> dict[int, OrganizationUsage]:
        """What is frozen already, by organization id."""
        as_frozen = self.usage.of(
            key,
            version=0,  # guard: frozen-without-imports
        )
        return {usage.organization_id: usage for usage in as_frozen}

    def _previous(self, record: InvoiceRecord) -> dict[int, OrganizationUsage]:
        """What the newest freeze before this invoice had, by organization id."""
        older = [
            other
            for other in self.invoices.all()
            if other.frozen_at and other.invoice.created_at < record.invoice.created_at
        ]
        if not older:
            return {}
        newest = max(older, key=lambda other: other.invoice.created_at)
        return {usage.organization_id: usage for usage in self.usage.of(newest.key)}

    def _taken_over(self, record: InvoiceRecord, voided: InvoiceRecord) -> InvoiceRecord:
        """The invoice was issued again: what was counted for the voided one stands."""
        self.usage.save(record.key, self.usage.of(voided.key), over={})
        counts_of = voided.counts_of or voided.key
        return self._saved(record, frozen_at=self.clock(), counts_of=counts_of)

    def _saved(self, record: InvoiceRecord, **changes: Any) -> InvoiceRecord:
        """The record with these changes, written over what others changed of it meanwhile."""
        while not self.invoices.save(changed := replace(record, **changes), previous=record):
            current = self.invoices.get(record.key)
            assert current is not None
            if current.frozen_at:
                return current
            record = current
        return changed


def _failed(
    organization: Organization,
    was: OrganizationUsage | None,
    error: BillingSyncError,
    *,
    read_at: datetime,
) -> OrganizationUsage:
    """The usage after a failed read; what is known of an organization stays."""
    if was is None:
        return freezing.unreadable(organization, _why(error), read_at=read_at)
    if not was.failed_reads:
        return was
    return freezing.unreadable_again(was, _why(error), read_at=read_at)


def _why(error: BillingSyncError) -> str:
    """The error as a part of a sentence."""
    return str(error).rstrip(".")
