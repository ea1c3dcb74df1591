"""The invoice's own number against what the organizations count: a difference told, not judged."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from billing_sync.domain.plan.quantity import units_in_words
from billing_sync.domain.usage.late import is_late
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import VANISHED, OrganizationUsage, Product
from billing_sync.domain.wording import in_short


@dataclass(frozen=True, slots=True)
class InvoiceTieOut:
    """`invoiced` is the invoice's `quantity`, `counted` the agents in the frozen usage.

    Huntress gives one number for the whole invoice and calls it licensed agents
    (docs/vendors/huntress.md#invoices), so it is compared with edr, unless the invoice's plan is of
    another `product` only. The rest is evidence: the names of organizations whose count is
    `unknown` or that `vanished`, how many were counted `late`, and the units of other products.
    """

    invoiced: int
    counted: int
    unknown: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    late: int = 0
    others: dict[Product, int] = field(default_factory=dict)
    product: Product = Product.EDR

    @property
    def difference(self) -> int:
        """How many more are invoiced than counted; negative where fewer are."""
        return self.invoiced - self.counted


def against_invoice(
    invoice: Invoice | None,
    usage: Iterable[OrganizationUsage],
    *,
    products: tuple[Product, ...] = (),
) -> InvoiceTieOut | None:
    """The comparison, of the products the invoice speaks of (() is all).

    None where there is no invoice, it has no quantity, or it speaks of several products and not of
    edr.
    """
    spoken = products or tuple(Product)
    compared = Product.EDR if Product.EDR in spoken else spoken[0]
    if invoice is None or invoice.quantity is None or (compared is not Product.EDR and spoken[1:]):
        return None
    usage = tuple(usage)
    counts = [(u, r) for u in usage for r in u.readings if r.product is compared]
    missing = [(u.organization_name, r.unknown == VANISHED) for u, r in counts if r.units is None]
    others = {
        product: sum(r.units or 0 for u in usage for r in u.readings if r.product is product)
        for product in spoken
        if product is not compared
    }
    return InvoiceTieOut(
        invoiced=invoice.quantity,
        counted=sum(reading.units or 0 for _, reading in counts),
        unknown=in_short(sorted(name for name, vanished in missing if not vanished)),
        vanished=in_short(sorted(name for name, vanished in missing if vanished)),
        late=sum(
            is_late(one.source_of(reading), one.read_at_of(reading), invoiced_at=invoice.created_at)
            for one, reading in counts
            if reading.units is not None
        ),
        others={product: units for product, units in others.items() if units},
        product=compared,
    )


def explained(one: InvoiceTieOut) -> list[str]:
    """The fact, what is known to bear on it, and what may: sentences in this order."""
    invoiced = units_in_words(one.product, one.invoiced)
    fact = f"Huntress invoiced {invoiced}; the organizations count {one.counted} now frozen"
    if not one.difference:
        return [f"{fact}: the same. It does not prove each organization's count.", *_evidence(one)]
    way = "more are invoiced than" if one.difference > 0 else "fewer are invoiced than"
    return [
        f"{fact}: {abs(one.difference)} {way} counted.",
        *_evidence(one),
        f"Possible, and not to be seen from here: {_possible(one)}.",
    ]


def _evidence(one: InvoiceTieOut) -> list[str]:
    """What was found that bears on the number; nothing where nothing was."""
    told: list[str] = []
    if one.vanished:
        told.append(f"Gone from Huntress since, so in no count: {', '.join(one.vanished)}.")
    if one.unknown:
        told.append(f"Counts not known, so in no sum: {', '.join(one.unknown)}.")
    if one.late:
        many = "1 organization was" if one.late == 1 else f"{one.late} organizations were"
        told.append(f"{many} counted more than a day after the invoice.")
    if one.others:
        products = ", ".join(f"{product} {units}" for product, units in one.others.items())
        told.append(
            "The invoice has one number for everything, called agents; also counted, whether or not"
            f" that number has them: {products}."
        )
    return told


def _possible(one: InvoiceTieOut) -> str:
    if one.difference > 0:
        return (
            "a minimum of the subscription; organizations deleted or agents removed between"
            " Huntress's count and ours; another product in the invoice's number"
        )
    return (
        "free seats that Huntress does not charge; agents installed between Huntress's count and"
        " ours; a second invoice for the rest"
    )
