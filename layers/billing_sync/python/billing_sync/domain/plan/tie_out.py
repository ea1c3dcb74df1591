"""The proof that every unit of usage is accounted for: sums per product, before quantity rules."""

from collections.abc import Iterable

from billing_sync.domain.errors import Fatal
from billing_sync.domain.plan.plan import ProductTieOut, Remainder, Row
from billing_sync.domain.vendors.usage import OrganizationUsage, Product


def tie_out(
    usage: Iterable[OrganizationUsage], rows: Iterable[Row], remainders: Iterable[Remainder]
) -> tuple[ProductTieOut, ...]:
    """Sums per product in the usual order; raises `Fatal` when a unit would be lost or doubled."""
    known: dict[Product, int] = {}
    unknown: dict[Product, int] = {}
    for organization in usage:
        for reading in organization.readings:
            known[reading.product] = known.get(reading.product, 0) + (reading.units or 0)
            unknown[reading.product] = unknown.get(reading.product, 0) + (reading.units is None)
    ended = where_units_ended(rows, remainders)
    for product, units in known.items():
        if sum(ended.get(product, {}).values()) != units:
            raise Fatal(
                f"the plan does not add up for {product}: Huntress counted {units}, the rows and"
                f" remainders have {ended.get(product)}. Nothing was written. Please report this."
            )
    return tuple(
        ProductTieOut(product, known[product], unknown[product], ended.get(product, {}))
        for product in Product
        if product in known
    )


def where_units_ended(
    rows: Iterable[Row], remainders: Iterable[Remainder]
) -> dict[Product, dict[str, int]]:
    """Known units by product and by outcome or kind of remainder, where there are any."""
    ended: dict[Product, dict[str, int]] = {}
    used = [(row, part) for row in rows for part in row.parts if part.sources]
    parts = [(part.product, row.outcome.value, part.known_units) for row, part in used]
    remaining = [(r.product, r.kind.value, r.units or 0) for r in remainders]
    for product, name, units in sorted(parts + remaining):
        if units:
            sums = ended.setdefault(product, {})
            sums[name] = sums.get(name, 0) + units
    return ended
