"""Freezing the usage of an invoice: known values once, unknown ones again until it is complete."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from billing_sync.domain.errors import Blocked, Retryable
from billing_sync.domain.invoices.cycle import reissue_of
from billing_sync.domain.invoices.lifecycle import InvoiceRecord
from billing_sync.domain.usage import freeze as freezing
from billing_sync.domain.vendors.huntress import InvoiceSource, Organization
from billing_sync.domain.vendors.usage import OrganizationUsage
from billing_sync.flows.planning.checkpoints import RESERVE, OutOfTime
from billing_sync.flows.ports import Clock, Huntress, Invoices, TimeLeft, UsageBook

SAVE_EVERY = 25
GIVE_UP_AFTER = timedelta(hours=24)
TOLD_AT_ONCE = 5


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
        """Go on with the freeze of this invoice; and what it waits for, "" when it is complete."""
        if record.frozen_at:  # guard: frozen-once
            return record, ""
        voided = reissue_of(record, self.invoices.all()) if record.freeze_since is None else None
        if voided:  # guard: reissue-keeps-counts
            return self._taken_over(record, voided), ""
        if record.freeze_since is None:
            record = self._saved(record, replace(record, freeze_since=self.clock()))
        if record.invoice.source is InvoiceSource.RESELLER:
            lines = self.huntress().usage_lines(record.invoice.id)
            self.usage.save(record.key, freezing.from_lines(lines, read_at=self.clock()))
            waiting = ""
        else:
            waiting = self.read_details(
                record.key,
                self._previous(record),
                give_up=self.clock() - (record.freeze_since or self.clock()) >= GIVE_UP_AFTER,
            )
        if waiting:
            return record, waiting
        return self._saved(record, replace(record, frozen_at=self.clock())), ""

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
        give_up: bool,
        only: frozenset[int] | None = None,
    ) -> str:
        """Freeze every organization's detail, or `only` some; what is missing, "" when nothing is.

        With `give_up` what cannot be read is unknown.
        """
        everybody = self.huntress().organizations(InvoiceSource.ACCOUNT)
        listed = tuple(one for one in everybody if only is None or one.id in only)
        unread = self._read_all(key, listed, previous)
        if unread and not give_up:
            told = "; ".join(list(unread.values())[:TOLD_AT_ONCE])
            return f"{len(unread)} of {len(listed)} organizations were not read: {told}"
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
        return ""

    def _read_all(
        self, key: str, listed: tuple[Organization, ...], previous: dict[int, OrganizationUsage]
    ) -> dict[int, str]:
        """Read what is not known yet; what could not be read and why."""
        as_frozen = self.usage.of(
            key,
            version=0,  # guard: frozen-without-imports
        )
        frozen = {usage.organization_id: usage for usage in as_frozen}
        wanted = [one for one in listed if not _all_known(frozen.get(one.id))]
        unread: dict[int, str] = {}
        fresh: list[OrganizationUsage] = []
        for number, organization in enumerate(wanted):
            if self.time_left() < RESERVE:
                self.usage.save(key, fresh)
                raise OutOfTime(
                    f"{len(wanted) - number} of {len(listed)} organizations are still to be read"
                )
            try:
                fresh.append(self._read(organization, frozen, previous))
            except (Retryable, Blocked) as error:
                unread[organization.id] = f"{organization.name}: {error}"
            if len(fresh) == SAVE_EVERY:
                self.usage.save(key, fresh)
                fresh = []
        self.usage.save(key, fresh)
        return {one: why for one, why in unread.items() if one not in frozen}

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

    def _taken_over(self, record: InvoiceRecord, voided: InvoiceRecord) -> InvoiceRecord:
        """The invoice was issued again: what was counted for the voided one stands."""
        self.usage.save(record.key, self.usage.of(voided.key))
        counts_of = voided.counts_of or voided.key
        return self._saved(record, replace(record, frozen_at=self.clock(), counts_of=counts_of))

    def _saved(self, record: InvoiceRecord, changed: InvoiceRecord) -> InvoiceRecord:
        """Write the record; when somebody was faster, go on from what they wrote."""
        if self.invoices.save(changed, previous=record):
            return changed
        current = self.invoices.get(record.key)
        assert current is not None
        return current


def _all_known(usage: OrganizationUsage | None) -> bool:
    return usage is not None and all(r.units is not None for r in usage.readings)
