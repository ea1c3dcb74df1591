"""The invoice's quantity against the organizations' counts: differences are shown, not judged."""

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
    """The comparison, for the products that the invoice covers (() is all).

    None where there is no invoice, it has no quantity, or it covers several products and not edr.
    """
    covered = products or tuple(Product)
    compared = Product.EDR if Product.EDR in covered else covered[0]
    if invoice is None or invoice.quantity is None or (compared is not Product.EDR and covered[1:]):
        return None
    usage = tuple(usage)
    counts = [(u, r) for u in usage for r in u.readings if r.product is compared]
    missing = [(u.organization_name, r.unknown == VANISHED) for u, r in counts if r.units is None]
    others = {
        product: sum(r.units or 0 for u in usage for r in u.readings if r.product is product)
        for product in covered
        if product is not compared
    }
    return InvoiceTieOut(
        invoiced=invoice.quantity,
        counted=sum(reading.units or 0 for _, reading in counts),
        unknown=in_short(sorted(name for name, vanished in missing if not vanished)),
        vanished=in_short(sorted(name for name, vanished in missing if vanished)),
        late=sum(
            is_late(u.source_of(r), u.read_at_of(r), invoiced_at=invoice.created_at)
            for u, r in counts
            if r.units is not None
        ),
        others={product: units for product, units in others.items() if units},
        product=compared,
    )


def explained(total: InvoiceTieOut) -> list[str]:
    """Sentences: the comparison, the evidence, and possible causes."""
    invoiced = units_in_words(total.product, total.invoiced)
    fact = f"Huntress invoiced {invoiced}; the organizations count {total.counted} now frozen"
    if not total.difference:
        return [
            f"{fact}: the same. It does not prove each organization's count.",
            *_evidence(total),
        ]
    difference = "more are invoiced than" if total.difference > 0 else "fewer are invoiced than"
    return [
        f"{fact}: {abs(total.difference)} {difference} counted.",
        *_evidence(total),
        f"Possible, and not to be seen from here: {_possible(total)}.",
    ]


def _evidence(total: InvoiceTieOut) -> list[str]:
    """The evidence that explains the difference, if any."""
    sentences: list[str] = []
    if total.vanished:
        sentences.append(f"Gone from Huntress since, so in no count: {', '.join(total.vanished)}.")
    if total.unknown:
        sentences.append(f"Counts not known, so in no sum: {', '.join(total.unknown)}.")
    if total.late:
        many = "1 organization was" if total.late == 1 else f"{total.late} organizations were"
        sentences.append(f"{many} counted more than a day after the invoice.")
    if total.others:
        products = ", ".join(f"{product} {units}" for product, units in total.others.items())
        sentences.append(
            "The invoice has one number for everything, called agents; also counted, whether or not"
            f" that number has them: {products}."
        )
    return sentences


def _possible(total: InvoiceTieOut) -> str:
    if total.difference > 0:
        return (
            "a minimum of the subscription; organizations deleted or agents removed between"
            " Huntress's count and ours; another product in the invoice's number"
        )
    return (
        "free seats that Huntress does not charge; agents installed between Huntress's count and"
        " ours; a second invoice for the rest"
    )
