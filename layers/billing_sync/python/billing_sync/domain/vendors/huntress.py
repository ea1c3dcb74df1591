"""Huntress's records as this product sees them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from billing_sync.domain.vendors.usage import Product, Reading


class InvoiceSource(StrEnum):
    """Whose invoices these are: an account's own, or a reseller's.

    Source: docs/vendors/huntress.md#invoices and docs/vendors/huntress.md#reseller-invoices.
    """

    ACCOUNT = "account"
    RESELLER = "reseller"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who the credentials belong to (`GET /v1/actor`)."""

    invoice_source: InvoiceSource
    account_name: str = ""
    user_email: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice as Huntress gives it; `amount` in minor units (cents), `created_at` aware UTC."""

    source: InvoiceSource
    id: int
    status: str
    has_usage: bool
    plan: str
    quantity: int | None
    amount: int | None
    currency: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Organization:
    """One line of the organizations list.

    `list_counts` holds the list's own count by product where the list has one (edr counts *all*
    agents there, so it is evidence and never a quantity; ispm has none).
    """

    id: int
    name: str
    list_counts: dict[Product, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrganizationDetail:
    """`GET /v1/organizations/{id}`: the live, billable counts of one organization.

    `readings` holds only the products that `actual_usages` names; a product whose entry was there
    but unusable (null, negative, not a whole number) is there with `units=None` and the reason.
    `unrecognized` are products it names that this version does not know.
    """

    organization: Organization
    readings: tuple[Reading, ...]
    unrecognized: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """What a line of a reseller invoice bills: from `start` up to `end`, aware UTC."""

    start: datetime
    end: datetime

    def mostly_shared(self, other: "Period") -> bool:
        """Whether the two share more than half of the longer one."""
        shared = min(self.end, other.end) - max(self.start, other.start)
        return 2 * shared > max(self.length, other.length)

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One organization usage line of a reseller invoice; `readings` as in OrganizationDetail.

    A period that is missing or no time is None, and all counts are then unknown.
    """

    organization_id: int
    organization_name: str
    period: Period | None
    readings: tuple[Reading, ...]
    unrecognized: tuple[str, ...] = ()
