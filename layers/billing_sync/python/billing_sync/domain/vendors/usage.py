"""What Huntress counted: units of one product for one organization, known or unknown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Product(StrEnum):
    """Huntress's products, in the order people list them."""

    EDR = "edr"
    ITDR = "itdr"
    SAT = "sat"
    SIEM = "siem"
    ISPM = "ispm"


class UsageSource(StrEnum):
    """Where a quantity was read; every row says which.

    Source: docs/vendors/huntress.md#organizations-and-their-counts.
    """

    RESELLER_INVOICE = "reseller_invoice"
    ORGANIZATION_DETAIL = "organization_detail"
    IMPORTED = "imported"


VANISHED = "the organization vanished from Huntress"
Cell = tuple[int, Product]  # one organization's usage of one product


@dataclass(frozen=True, slots=True)
class Reading:
    """One product's count for one organization. `units` is None when unknown; unknown is not 0.

    `unknown` gives the reason, for the operator, and is empty exactly when `units` is known.
    `tenants` are the identity-provider tenants that were summed (itdr and ispm only).
    `unresponsive` and `outdated` count agents (edr only), None where Huntress gives none; they
    are evidence, and whether `units` includes them is not known
    (docs/vendors/huntress.md#organizations-and-their-counts). `imported_at` is when a person's file
    gave the count, None where it is as Huntress's API gave it. `period_end` is the end of the
    period of an invoice line. Of a plan's own readings, `silent` is a 0 because the product is not
    shown, and `invoice` the key of another invoice that counted the units.
    """

    product: Product
    units: int | None
    unknown: str = ""
    tenants: tuple[str, ...] = ()
    unresponsive: int | None = None
    outdated: int | None = None
    imported_at: datetime | None = None
    period_end: datetime | None = None
    silent: bool = False
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationUsage:
    """Everything counted for one organization, with the time it was read (aware UTC).

    `unrecognized` are products Huntress counts that this version does not know. A reading that was
    imported has its own source and time: use `source_of` and `read_at_of`. `failed_reads` counts
    the reads that failed, 0 once one succeeded, and `failed_at` is when the last of them was.
    """

    organization_id: int
    organization_name: str
    source: UsageSource
    read_at: datetime
    readings: tuple[Reading, ...]
    unrecognized: tuple[str, ...] = ()
    failed_reads: int = 0
    failed_at: datetime | None = None

    def source_of(self, reading: Reading) -> UsageSource:
        """Where this reading comes from."""
        return UsageSource.IMPORTED if reading.imported_at else self.source

    def read_at_of(self, reading: Reading) -> datetime:
        """When this reading was read, or imported."""
        return reading.imported_at or self.read_at
