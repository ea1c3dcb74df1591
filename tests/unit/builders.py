"""Small builders of domain values: a test names only what it is about."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.config.mappings import CompanyRules, Mappings, OrganizationMapping
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.plan import Part, PartSource, Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.planning.make_plan import PlanInputs
from billing_sync.domain.vendors.connectwise import Addition, Agreement, BillCustomer, CatalogItem
from billing_sync.domain.vendors.huntress import Invoice, InvoiceSource
from billing_sync.domain.vendors.usage import OrganizationUsage, Product, Reading, UsageSource

TODAY = date(2026, 7, 1)
NEXT_INVOICE = date(2026, 8, 1)
INVOICED = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
READ = INVOICED + timedelta(minutes=10)
ITEM_IDS = {Product.EDR: 41, Product.ITDR: 42, Product.SAT: 43, Product.SIEM: 44}


def an_invoice(
    number: int = 5003, *, created_at: datetime = INVOICED, **changes: object
) -> Invoice:
    fields: dict[str, object] = {
        "source": InvoiceSource.ACCOUNT,
        "status": "open",
        "has_usage": True,
        "plan": "Managed EDR",
        "quantity": 100,
        "amount": 30000,
        "currency": "USD",
    }
    return Invoice(id=number, created_at=created_at, **(fields | changes))


def an_item(number: int = 41, identifier: str = "HUNTRESS-EDR", **changes: object) -> CatalogItem:
    fields: dict[str, object] = {
        "description": identifier,
        "product_class": "Agreement",
        "inactive": False,
        "price": Decimal("5.00"),
        "cost": Decimal("3.00"),
    }
    return CatalogItem(id=number, identifier=identifier, **(fields | changes))


def the_catalog() -> dict[int, CatalogItem]:
    return {
        number: an_item(number, f"HUNTRESS-{product.upper()}")
        for product, number in ITEM_IDS.items()
    }


def an_agreement(number: int = 20, *, company_id: int = 1, **changes: object) -> Agreement:
    fields: dict[str, object] = {
        "name": "Managed Services",
        "type_id": 3,
        "type_name": "Managed Services",
        "company_name": f"Company {company_id}",
        "status": "Active",
        "cancelled": False,
        "start_date": date(2025, 1, 1),
        "end_date": None,
        "cancelled_date": None,
        "bill_start_date": date(2025, 1, 1),
        "next_invoice_date": NEXT_INVOICE,
        "billing_cycle": "Monthly",
        "parent_id": None,
    }
    return Agreement(id=number, company_id=company_id, **(fields | changes))


def an_addition(number: int = 701, *, agreement_id: int = 20, **changes: object) -> Addition:
    fields: dict[str, object] = {
        "catalog_item_id": 41,
        "catalog_item_identifier": "HUNTRESS-EDR",
        "description": "Huntress Managed EDR",
        "quantity": Decimal(12),
        "less_included": Decimal(0),
        "unit_price": Decimal("5.00"),
        "bill_customer": BillCustomer.BILLABLE,
        "effective_date": date(2025, 1, 1),
        "cancelled_date": None,
        "last_updated": "2026-06-01T08:00:00Z",
        "updated_by": "",
    }
    return Addition(id=number, agreement_id=agreement_id, **(fields | changes))


def readings(units: Mapping[str, int | str]) -> tuple[Reading, ...]:
    """`{"edr": 12, "sat": "no answer"}`: a number is known, words say why it is unknown."""
    return tuple(
        Reading(Product(product), None, count)
        if isinstance(count, str)
        else Reading(Product(product), count)
        for product, count in units.items()
    )


def a_usage(
    organization_id: int = 101,
    units: Mapping[str, int | str] | None = None,
    *,
    name: str = "",
    source: UsageSource = UsageSource.ORGANIZATION_DETAIL,
    read_at: datetime = READ,
) -> OrganizationUsage:
    return OrganizationUsage(
        organization_id=organization_id,
        organization_name=name or f"Organization {organization_id}",
        source=source,
        read_at=read_at,
        readings=readings({"edr": 12} if units is None else units),
    )


def a_mapping(organizations: Mapping[int, int], *rules: CompanyRules) -> Mappings:
    """Organization ids to company ids."""
    return Mappings(
        {o: OrganizationMapping(o, company) for o, company in organizations.items()},
        {rule.company_id: rule for rule in rules},
    )


def some_settings(**changes: object) -> Settings:
    return Settings(**({"version": 1, "products": ITEM_IDS, "sync_enabled": True} | changes))


def some_inputs(**changes: object) -> PlanInputs:
    """One organization of one company, 12 agents used and 12 billed."""
    fields: dict[str, object] = {
        "usage": (a_usage(),),
        "mappings": a_mapping({101: 1}),
        "settings": some_settings(),
        "catalog": the_catalog(),
        "agreements": (an_agreement(),),
        "additions": (an_addition(),),
        "today": TODAY,
        "invoice": an_invoice(),
    }
    return PlanInputs(**(fields | changes))


def a_part(
    units: int | None = 12, *, product: Product = Product.EDR, organization: int = 101
) -> Part:
    source = PartSource(
        organization_id=organization,
        organization_name=f"Organization {organization}",
        units=units,
        unknown="" if units is not None else "no answer",
        source=UsageSource.ORGANIZATION_DETAIL,
        read_at=READ,
        mapped_by="",
        mapped_at="",
    )
    return Part(product, (source,))


def a_row(before: int = 12, target: int = 14, **changes: object) -> Row:
    fields: dict[str, object] = {
        "company_id": 1,
        "company_name": "Company 1",
        "parts": (a_part(target),),
        "outcome": Outcome.UPDATED,
        "agreement_id": 20,
        "agreement_name": "Managed Services",
        "billing_cycle": "Monthly",
        "addition_id": 701,
        "catalog_item_id": 41,
        "before": Decimal(before),
        "target": Decimal(target),
        "money": Decimal(5) * (target - before),
        "currency": "USD",
    }
    return Row(**(fields | changes))


def a_written(addition_id: int = 701, quantity: int = 12, **changes: object) -> Written:
    fields: dict[str, object] = {
        "agreement_id": 20,
        "catalog_item_id": 41,
        "company_id": 1,
        "company_name": "Company 1",
        "run_id": "000001-sync",
    }
    return Written(addition_id=addition_id, quantity=Decimal(quantity), **(fields | changes))
