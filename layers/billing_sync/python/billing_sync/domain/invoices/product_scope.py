"""Which products an invoice speaks of, by the text of its plan; the others it leaves alone."""

from collections.abc import Iterable
from dataclasses import replace

from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.plan import Part, Remainder, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import OrganizationUsage, Product

Products = tuple[Product, ...]
DECIDED = (Outcome.UPDATED, Outcome.HELD, Outcome.UNCHANGED)


def plan_key(text: str) -> str:
    """The plan's text as it is compared: without case, and every gap one blank."""
    return " ".join(text.casefold().split())


def products_of(invoice: Invoice | None, settings: Settings) -> Products:
    """The products this invoice speaks of; () is all of them."""
    return settings.invoice_plans.get(plan_key(invoice.plan), ()) if invoice else ()


def unknown_plan(invoice: Invoice | None, settings: Settings) -> str:
    """Why nobody can know of which products this invoice speaks, "" when that is known."""
    known = settings.invoice_plans
    if invoice is None or not known or plan_key(invoice.plan) in known:  # guard: unknown-plan
        return ""
    return (
        f"invoice {invoice.id} is of plan '{invoice.plan}', which SETTINGS / CURRENT, invoice_plans"
        " does not have: add it there with the products it bills, then sync again with {}"
    )


def speaks_of(products: Products, product: Product) -> bool:
    """Whether a product is among them, where () is all."""
    return not products or product in products


def overlap(one: Products, other: Products) -> bool:
    """Whether two invoices bill a product both."""
    return not one or not other or bool(set(one) & set(other))


def rows_spoken_of(rows: Iterable[Row], products: Products) -> tuple[Row, ...]:
    """The rows of these products; blocked where an addition bills another invoice's product too."""
    return tuple(
        _half(row, products) if 0 < len(spoken) < len(row.parts) else row  # guard: shared-addition
        for row in rows
        if (spoken := _spoken(row, products)) or not row.parts
    )


def _spoken(row: Row, products: Products) -> tuple[Part, ...]:
    return tuple(part for part in row.parts if speaks_of(products, part.product))


def _half(row: Row, products: Products) -> Row:
    """The row with the invoice's own part of it, which alone is in this run's sums."""
    spoken = _spoken(row, products)
    if row.outcome not in DECIDED:
        return replace(row, parts=spoken)
    return replace(
        row,
        parts=spoken,
        outcome=Outcome.BLOCKED,
        reason=Reason.OTHER_INVOICE,
        message=f"{row.products} are billed through one addition, and this invoice's plan speaks of"
        " only one of them. Name them together: SETTINGS / CURRENT, invoice_plans.",
    )


def remainders_spoken_of(
    remainders: Iterable[Remainder], products: Products
) -> tuple[Remainder, ...]:
    """The usage in no row that is this invoice's matter."""
    return tuple(one for one in remainders if speaks_of(products, one.product))


def usage_spoken_of(
    usage: Iterable[OrganizationUsage], products: Products
) -> tuple[OrganizationUsage, ...]:
    """The counts of these products alone."""
    return tuple(
        replace(one, readings=tuple(r for r in one.readings if speaks_of(products, r.product)))
        for one in usage
    )
