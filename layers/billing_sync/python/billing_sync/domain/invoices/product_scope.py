"""Which products an invoice covers, by the text of its plan; it leaves the others alone."""

from collections.abc import Iterable
from dataclasses import replace

from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.plan import Part, Remainder, Row, blocked
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import OrganizationUsage, Product

Products = tuple[Product, ...]
DECIDED = (Outcome.UPDATED, Outcome.HELD, Outcome.UNCHANGED)


def plan_key(text: str) -> str:
    """The plan's text as it is compared: without case, and with single blanks."""
    return " ".join(text.casefold().split())


def products_of(invoice: Invoice | None, settings: Settings) -> Products:
    """The products this invoice covers; () is all of them."""
    return settings.invoice_plans.get(plan_key(invoice.plan), ()) if invoice else ()


def products_of_all(invoices: Iterable[Invoice | None], settings: Settings) -> Products:
    """The products that these invoices cover together; () is all of them."""
    scopes = [products_of(invoice, settings) for invoice in invoices]
    return () if () in scopes else tuple(sorted({p for scope in scopes for p in scope}))


def unknown_plan(invoice: Invoice | None, settings: Settings) -> str:
    """Why it is not known which products this invoice covers, "" when it is."""
    known = settings.invoice_plans
    if invoice is None or not known or plan_key(invoice.plan) in known:  # guard: unknown-plan
        return ""
    return (
        f"invoice {invoice.id} is of plan '{invoice.plan}', which SETTINGS / CURRENT, invoice_plans"
        " does not have: add it there with the products it bills, then sync again with {}"
    )


def covers(products: Products, product: Product) -> bool:
    """Whether a product is among them, where () is all."""
    return not products or product in products


def overlap(first: Products, second: Products) -> bool:
    """Whether two invoices bill a common product."""
    return not first or not second or bool(set(first) & set(second))


def covered_rows(rows: Iterable[Row], products: Products) -> tuple[Row, ...]:
    """The rows of these products; blocked where an addition bills another invoice's product too."""
    return tuple(
        _half(row, products) if 0 < len(covered) < len(row.parts) else row  # guard: shared-addition
        for row in rows
        if (covered := _covered_parts(row, products)) or not row.parts
    )


def _covered_parts(row: Row, products: Products) -> tuple[Part, ...]:
    return tuple(part for part in row.parts if covers(products, part.product))


def _half(row: Row, products: Products) -> Row:
    """The row with the invoice's own parts, which alone are in this run's sums."""
    covered = _covered_parts(row, products)
    if row.outcome not in DECIDED:
        return replace(row, parts=covered)
    message = (
        f"{row.products} are billed through one addition, and this invoice's plan names only one of"
        " them. Name them together: SETTINGS / CURRENT, invoice_plans."
    )
    return replace(blocked(row, Reason.OTHER_INVOICE, message), parts=covered)


def covered_remainders(
    remainders: Iterable[Remainder], products: Products
) -> tuple[Remainder, ...]:
    """The remainders of these products."""
    return tuple(remainder for remainder in remainders if covers(products, remainder.product))


def covered_usage(
    usage: Iterable[OrganizationUsage], products: Products
) -> tuple[OrganizationUsage, ...]:
    """The counts of these products alone."""
    return tuple(
        replace(
            organization,
            readings=tuple(r for r in organization.readings if covers(products, r.product)),
        )
        for organization in usage
    )
