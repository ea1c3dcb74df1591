"""What organizations use and what that is worth, so that the largest comes first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from billing_sync.adapters.ledger.invoices import LedgerInvoices
from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.adapters.ledger.usage import LedgerUsage
from billing_sync.domain.config.effective import catalog_items
from billing_sync.domain.config.mappings import CompanyRules
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.invoices.lifecycle import counts
from billing_sync.domain.vendors.usage import Product
from billing_sync.domain.wording import cents
from tools.operator.mapping.vendor_lists import ListedItem, ListedOrganization

OF_THE_LIST = "Huntress's list now"


@dataclass(frozen=True, slots=True)
class Used:
    """Units by product. `listed` are products whose only count is the list's."""

    units: Mapping[str, int] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """`24 edr, 10* sat`: a star marks a count of the list."""
        counts = [f"{n}{'*' if p in self.listed else ''} {p}" for p, n in self.units.items() if n]
        return ", ".join(counts) or "nothing"


@dataclass(frozen=True, slots=True)
class Counted:
    """The last invoice's frozen units by organization; `of` names it, "" where none is frozen."""

    of: str = ""
    frozen: Mapping[int, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def read(cls, ledger: LedgerTable) -> "Counted":
        """The frozen usage of the newest invoice that counts and has any."""
        records = [r for r in LedgerInvoices(ledger).all() if counts(r.invoice) and r.frozen_at]
        if not records:
            return cls()
        last = max(records, key=lambda record: (record.invoice.created_at, record.invoice.id))
        usage = LedgerUsage(ledger).of(last.key)
        frozen: dict[int, Mapping[str, int]] = {
            organization.organization_id: {
                r.product: r.units for r in organization.readings if r.units is not None
            }
            for organization in usage
        }
        return cls(f"invoice {last.invoice.id} of {last.invoice.created_at:%Y-%m-%d}", frozen)

    def used(self, organization_id: int, listed: ListedOrganization | None) -> Used:
        """What was counted for the invoice, and by the list where that has no count."""
        frozen = self.frozen.get(organization_id, {})
        of_list = listed.listed if listed else {}
        products = [p for p in Product if p in frozen or p in of_list]
        return Used(
            {p: frozen[p] if p in frozen else of_list[p] for p in products},
            frozenset(p for p in products if p not in frozen and self.of),
        )

    def source(self) -> str:
        """Where the units come from."""
        if not self.of:
            return f"{OF_THE_LIST} (all agents, also those that are not billed)"
        return f"{self.of}; * where it has none: {OF_THE_LIST}"


@dataclass(frozen=True, slots=True)
class Prices:
    """What a unit is worth: the catalog price of the item that bills it."""

    settings: Settings | None
    catalog: Mapping[int, ListedItem]

    @property
    def currency(self) -> str:
        """That of the catalog, "" where the settings cannot be read."""
        return self.settings.currency if self.settings else ""

    def money(self, used: Used, company: CompanyRules | None = None) -> Decimal | None:
        """Of a cycle, as far as there are prices; None where nothing used has one.

        Each product to the currency's cents, as the plan values it.
        """
        found = [
            cents(units * price, self.currency)
            for product, units in used.units.items()
            if units and (price := self._price(Product(product), company)) is not None
        ]
        return sum(found, Decimal(0)) if found or not any(used.units.values()) else None

    def without(self, used: Used, company: CompanyRules | None = None) -> tuple[str, ...]:
        """The products in use that have no price here."""
        in_use = [product for product, units in used.units.items() if units]
        return tuple(p for p in in_use if self._price(Product(p), company) is None)

    def _price(self, product: Product, company: CompanyRules | None) -> Decimal | None:
        if self.settings is None:
            return None
        items = catalog_items(company or CompanyRules(0), self.settings)
        item = self.catalog.get(items.get(product, 0))
        return item.money if item else None
