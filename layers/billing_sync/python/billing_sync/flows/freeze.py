"""Freezing the usage of an invoice: known values once, unknown ones again until it is complete."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from billing_sync.domain import freezing
from billing_sync.domain.errors import Blocked, Retryable
from billing_sync.domain.huntress import InvoiceSource, Organization
from billing_sync.domain.invoices import InvoiceRecord
from billing_sync.domain.usage import OrganizationUsage
from billing_sync.flows.ports import Clock, Huntress, Invoices, TimeLeft, UsageBook

SAVE_EVERY = 25
GIVE_UP_AFTER = timedelta(hours=24)
TOLD_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading is: `waiting` says what is missing, "" when nothing is.

    `out_of_time` is true when another invocation should go on at once.
    """

    waiting: str = ""
    out_of_time: bool = False


@dataclass(frozen=True, slots=True)
class Freeze:
    """Reads usage from where it is most exact and writes it down; raises as Huntress's client does.

    `reserve` are the seconds of an invocation kept for what comes after reading.
    """

    huntress: Callable[[], Huntress]
    usage: UsageBook
    invoices: Invoices
    clock: Clock
    time_left: TimeLeft
    reserve: float = 120.0

    def freeze(self, record: InvoiceRecord) -> tuple[InvoiceRecord, Progress]:
        """Go on with the freeze of this invoice; complete when the progress waits for nothing."""
        if record.frozen_at:
            return record, Progress()
        if record.freeze_since is None:
            record = self._saved(record, replace(record, freeze_since=self.clock()))
        if record.invoice.source is InvoiceSource.RESELLER:
            lines = self.huntress().usage_lines(record.invoice.id)
            self.usage.save(record.key, freezing.from_lines(lines, read_at=self.clock()))
            progress = Progress()
        else:
            progress = self.read_details(
                record.key,
                self._previous(record),
                give_up=self.clock() - (record.freeze_since or self.clock()) >= GIVE_UP_AFTER,
            )
        if progress.waiting:
            return record, progress
        return self._saved(record, replace(record, frozen_at=self.clock())), progress

    def read_details(
        self, key: str, previous: dict[int, OrganizationUsage], *, give_up: bool
    ) -> Progress:
        """Freeze every organization's detail; with `give_up` what cannot be read is unknown."""
        listed = self.huntress().organizations(InvoiceSource.ACCOUNT)
        unread, out_of_time = self._read_all(key, listed, previous)
        if out_of_time:
            return Progress(
                f"{len(unread)} of {len(listed)} organizations are still to be read",
                out_of_time=True,
            )
        if unread and not give_up:
            told = "; ".join(list(unread.values())[:TOLD_AT_ONCE])
            return Progress(f"{len(unread)} of {len(listed)} organizations were not read: {told}")
        now = self.clock()
        here = {organization.id: organization for organization in listed}
        self.usage.save(
            key, [freezing.unreadable(here[one], why, read_at=now) for one, why in unread.items()]
        )
        gone = [u for u in previous.values() if u.organization_id not in here]
        self.usage.save(
            key,
            [
                freezing.vanished(u.organization_id, u.organization_name, u, read_at=now)
                for u in gone
            ],
        )
        return Progress()

    def _read_all(
        self, key: str, listed: tuple[Organization, ...], previous: dict[int, OrganizationUsage]
    ) -> tuple[dict[int, str], bool]:
        """Read what is not known yet; what could not be read and why, and whether time ran out."""
        frozen = {usage.organization_id: usage for usage in self.usage.of(key)}
        wanted = [one for one in listed if not _all_known(frozen.get(one.id))]
        unread: dict[int, str] = {}
        fresh: list[OrganizationUsage] = []
        for number, organization in enumerate(wanted):
            if self.time_left() < self.reserve:
                self.usage.save(key, fresh)
                rest = {one.id: "not read yet" for one in wanted[number:]}
                return unread | rest, True
            try:
                fresh.append(self._read(organization, frozen, previous))
            except (Retryable, Blocked) as error:
                unread[organization.id] = f"{organization.name}: {error}"
            if len(fresh) == SAVE_EVERY:
                self.usage.save(key, fresh)
                fresh = []
        self.usage.save(key, fresh)
        return {one: why for one, why in unread.items() if one not in frozen}, False

    def _read(
        self,
        organization: Organization,
        frozen: dict[int, OrganizationUsage],
        previous: dict[int, OrganizationUsage],
    ) -> OrganizationUsage:
        detail = self.huntress().organization(organization.id)
        fresh = freezing.from_detail(detail, previous.get(organization.id), read_at=self.clock())
        known = frozen.get(organization.id)
        return freezing.merged(known, fresh) if known else fresh

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

    def _saved(self, record: InvoiceRecord, changed: InvoiceRecord) -> InvoiceRecord:
        """Write the record; when somebody was faster, go on from what they wrote."""
        if self.invoices.save(changed, previous=record):
            return changed
        current = self.invoices.get(record.key)
        assert current is not None
        return current


def _all_known(usage: OrganizationUsage | None) -> bool:
    return usage is not None and all(r.units is not None for r in usage.readings)
