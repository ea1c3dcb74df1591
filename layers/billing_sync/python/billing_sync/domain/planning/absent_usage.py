"""The usage of an invoice with what its source does not show of the mapped organizations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.config.effective import catalog_items, pin_of
from billing_sync.domain.config.mappings import Absent, Mappings, OrganizationMapping
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.plan import Remainder, RemainderKind
from billing_sync.domain.planning.agreement_index import Holdings
from billing_sync.domain.planning.candidates import NoPlace
from billing_sync.domain.usage.absence import Absence, Counted
from billing_sync.domain.vendors.connectwise import CatalogItem
from billing_sync.domain.vendors.huntress import Invoice, InvoiceSource
from billing_sync.domain.vendors.usage import (
    VANISHED,
    Cell,
    OrganizationUsage,
    Product,
    Reading,
    UsageSource,
)


def expected_items(mappings: Mappings, settings: Settings) -> dict[Cell, int]:
    """The catalog item of every configured product of every mapped organization."""
    return {
        (organization_id, product): item_id
        for organization_id, mapping in mappings.organizations.items()
        if mapping.company_id is not None
        for product, item_id in catalog_items(mappings.rules(mapping.company_id), settings).items()
    }


def absent_cells(
    usage: Iterable[OrganizationUsage], mappings: Mappings, settings: Settings
) -> frozenset[Cell]:
    """What the usage does not show of the mapped organizations and configured products."""
    shown = {(u.organization_id, reading.product) for u in usage for reading in u.readings}
    return frozenset(expected_items(mappings, settings).keys() - shown)


def billed_elsewhere(mappings: Mappings, settings: Settings) -> frozenset[tuple[int, int]]:
    """(Company id, catalog item id) that a person said are billed elsewhere."""
    return frozenset(
        (company_id, item_id)
        for (organization_id, product), item_id in expected_items(mappings, settings).items()
        if (mapping := mappings.organizations[organization_id])
        and mapping.absent.get(product) is Absent.ELSEWHERE
        and (company_id := mapping.company_id) is not None
    )


@dataclass(frozen=True, slots=True)
class AbsentUsage:
    """The facts by which an absent count is not in use, zero, unknown or an earlier one.

    `counted` has the newest earlier count of each absent cell that has one, `awaited` messages by
    the key of that count's invoice. `unusable` are the company and catalog item that an addition
    bills whose record cannot be used.
    """

    mappings: Mappings
    settings: Settings
    holdings: Holdings
    catalog: Mapping[int, CatalogItem]
    written: tuple[Written, ...]
    counted: Mapping[Cell, Counted]
    invoice: Invoice | None
    awaited: Mapping[str, str]
    unusable: frozenset[tuple[int, int]] = frozenset()

    def added_to(self, usage: tuple[OrganizationUsage, ...]) -> tuple[OrganizationUsage, ...]:
        """The usage with a reading for each absent product that is, or may be, in use."""
        by_organization = {u.organization_id: u for u in usage}
        last_read = max((u.read_at for u in usage), default=self._start())
        names = {cell[0]: counted.organization_name for cell, counted in self.counted.items()}
        for organization_id, readings in sorted(self._readings(usage).items()):
            known = by_organization.get(organization_id) or OrganizationUsage(
                organization_id=organization_id,
                organization_name=names.get(organization_id) or self._mapped_name(organization_id),
                source=self._source(),
                read_at=last_read,
                readings=(),
            )
            # What is missing of an organization is missing on the invoice that shows it.
            shown_on = min((reading.invoice for reading in known.readings), default="")
            more = (r if r.invoice else replace(r, invoice=shown_on) for r in readings)
            by_organization[organization_id] = replace(known, readings=(*known.readings, *more))
        return tuple(by_organization.values())

    def remainders(self, usage: Iterable[OrganizationUsage]) -> Iterator[Remainder]:
        """Absent products that a person said are billed elsewhere."""
        usage = tuple(usage)
        names = {u.organization_id: u.organization_name for u in usage}
        for cell in sorted(absent_cells(usage, self.mappings, self.settings)):
            if self._settled(cell) is Absent.ELSEWHERE:
                yield Remainder(
                    RemainderKind.EXCLUDED,
                    cell[0],
                    names.get(cell[0]) or self._mapped_name(cell[0]),
                    cell[1],
                    0,
                    f"{Absent.ELSEWHERE}, as its mapping says",
                )

    def _readings(self, usage: tuple[OrganizationUsage, ...]) -> dict[int, list[Reading]]:
        listed = {u.organization_id for u in usage}
        shown = {
            u.organization_id
            for u in usage
            if u.source is not UsageSource.IMPORTED and any(r.units is not None for r in u.readings)
        }
        written = {(w.company_id, w.catalog_item_id) for w in self.written}
        items = expected_items(self.mappings, self.settings)
        found: dict[int, list[Reading]] = {}
        for cell in sorted(absent_cells(usage, self.mappings, self.settings)):
            organization_id, product = cell
            mapping = self.mappings.organizations[organization_id]
            settled = self._settled(cell)
            reading = Reading(product, 0) if settled is Absent.NOT_USED else None
            if settled is None:
                reading = Absence(
                    product=product,
                    counted=self.counted.get(cell),
                    billed=(mapping.company_id, items[cell]) in written
                    or self._in_effect(mapping, product, items[cell]),
                    shown=organization_id in shown,
                    reason=self._reason(cell, is_listed=organization_id in listed),
                    invoiced_at=self.invoice.created_at if self.invoice else None,
                ).reading()
            if reading:
                found.setdefault(organization_id, []).append(reading)
        return found

    def _settled(self, cell: Cell) -> Absent | None:
        return self.mappings.organizations[cell[0]].absent.get(cell[1])

    def _in_effect(self, mapping: OrganizationMapping, product: Product, item_id: int) -> bool:
        assert mapping.company_id is not None
        pin = pin_of(product, mapping, self.mappings.rules(mapping.company_id))
        places = self.holdings.places(mapping.company_id, self.catalog[item_id], pin)
        unusable = (mapping.company_id, item_id) in self.unusable
        return unusable or not isinstance(places, NoPlace)

    def _reason(self, cell: Cell, *, is_listed: bool) -> str:
        counted = self.counted.get(cell)
        if counted and counted.invoice in self.awaited and not is_listed:
            return self.awaited[counted.invoice]
        if self.invoice and self.invoice.source is InvoiceSource.RESELLER:
            return f"not on invoice {self.invoice.id}"
        return f"Huntress gives no count for {cell[1]}" if is_listed else VANISHED

    def _source(self) -> UsageSource:
        lines = self.invoice and self.invoice.source is InvoiceSource.RESELLER
        return UsageSource.RESELLER_INVOICE if lines else UsageSource.ORGANIZATION_DETAIL

    def _mapped_name(self, organization_id: int) -> str:
        mapped = self.mappings.organizations[organization_id].organization_name
        return mapped or f"organization {organization_id}"

    def _start(self) -> datetime:
        """When nothing at all was counted: the start of the invoice's day, or of today."""
        if self.invoice:
            return self.invoice.created_at
        return datetime.combine(self.holdings.today, time(), UTC)
