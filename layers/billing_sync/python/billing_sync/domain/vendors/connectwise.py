"""ConnectWise's records as this product sees them.

Dates are calendar dates (docs/vendors/connectwise.md#lists).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

# No field marks an addition as one-time; its dates do (docs/vendors/connectwise.md#additions).
LONGEST_MONTH = timedelta(days=31)


class BillCustomer(StrEnum):
    """Whether an addition is charged to the company at all."""

    BILLABLE = "Billable"
    DO_NOT_BILL = "DoNotBill"
    NO_CHARGE = "NoCharge"


@dataclass(frozen=True, slots=True)
class CatalogItem:
    """A product in ConnectWise's catalog; price and cost per unit.

    `problem` is why a company's own item cannot be used, "" of every other one.
    """

    id: int
    identifier: str
    description: str
    product_class: str
    inactive: bool
    price: Decimal | None
    cost: Decimal | None
    problem: str = ""


def missing_item(item_id: int, problem: str) -> CatalogItem:
    """A catalog item that ConnectWise does not have; no addition carries it."""
    return CatalogItem(
        id=item_id,
        identifier=f"catalog item {item_id}",
        description="",
        product_class="",
        inactive=False,
        price=None,
        cost=None,
        problem=problem,
    )


@dataclass(frozen=True, slots=True)
class Agreement:
    """A company's agreement. `status` is ConnectWise's agreementStatus: Active, Cancelled, …

    `bill_products` is whether its products are charged, `currency` its ISO code; "" when not given.
    `problem` names the fields that cannot be used, which then have no value here; "" for none. A
    `company_id` of 0 is one of them.
    """

    id: int
    name: str
    type_id: int | None
    type_name: str
    company_id: int
    company_name: str
    status: str
    cancelled: bool
    start_date: date | None
    end_date: date | None
    cancelled_date: date | None
    bill_start_date: date | None
    next_invoice_date: date | None
    billing_cycle: str
    parent_id: int | None
    company_identifier: str = ""
    bill_products: str = ""
    currency: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """A company of ConnectWise that is not deleted."""

    id: int
    name: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Addition:
    """A line of an agreement. `last_updated` is `_info.lastUpdated` verbatim, "" when not given.

    `listed_under` is the agreement whose list shows it: a parent lists its children's as well.
    """

    id: int
    agreement_id: int
    catalog_item_id: int | None
    catalog_item_identifier: str
    description: str
    quantity: Decimal
    less_included: Decimal
    unit_price: Decimal | None
    bill_customer: BillCustomer
    effective_date: date | None
    cancelled_date: date | None
    last_updated: str
    updated_by: str
    listed_under: int = 0

    @property
    def one_time(self) -> bool:
        """Whether it is billed once: both its dates are in one month."""
        first, end = self.effective_date, self.cancelled_date
        return first is not None and end is not None and end - first <= LONGEST_MONTH


@dataclass(frozen=True, slots=True)
class UnusableAddition:
    """An addition whose record lacks what billing needs; `problem` names its fields.

    `id` is 0 where the record has none.
    """

    id: int
    agreement_id: int
    problem: str
    catalog_item_id: int | None = None
    catalog_item_identifier: str = ""
    effective_date: date | None = None
    cancelled_date: date | None = None


@dataclass(frozen=True, slots=True)
class Save:
    """One line of an addition's audit trail: who saved what, in ConnectWise's time."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class SecurityLevel:
    """One line of `GET /system/mySecurity`; levels as ConnectWise gives them (None, My, All).

    The labels are every name it gives module and function; `report` marks a line on a report, which
    may have a function's name.
    """

    module: str
    function: str
    inquire: str
    add: str
    edit: str
    delete: str
    customized: bool
    module_labels: tuple[str, ...] = ()
    function_labels: tuple[str, ...] = ()
    report: bool = False


@dataclass(frozen=True, slots=True)
class OwnMember:
    """The API member's own limits (`GET /system/myMembers`); None or "" where it gives none."""

    admin: bool | None
    location_restricted: bool | None
    department_restricted: bool | None
    structure_level: str


@dataclass(frozen=True, slots=True)
class Site:
    """Where ConnectWise's API is found (`GET /login/companyinfo`, which needs no credentials)."""

    company_name: str
    version: str


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """The version of the API that the secret asks for, and the newest; "" where it is not known."""

    pinned: str
    newest: str


@dataclass(frozen=True, slots=True)
class Member:
    """The API member behind the credentials (`GET /system/myMembers/info`)."""

    id: int
    identifier: str
    name: str


@dataclass(frozen=True, slots=True)
class BulkRead:
    """The result of a bulk read; `unread` has the reason by agreement id."""

    agreements: tuple[Agreement, ...] = ()
    additions: tuple[Addition, ...] = ()
    unread: dict[int, str] = field(default_factory=dict)
    unusable: tuple[UnusableAddition, ...] = ()
