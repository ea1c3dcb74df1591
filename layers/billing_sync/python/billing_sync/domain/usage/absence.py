"""Usage that a source does not show: not in use, zero or unknown. One rule for every source."""

from dataclasses import dataclass, replace
from datetime import datetime

from billing_sync.domain.vendors.usage import Product, Reading


@dataclass(frozen=True, slots=True)
class Counted:
    """The newest count of an earlier invoice, for one organization and product.

    `invoice` is the key of that invoice.
    """

    reading: Reading
    organization_name: str
    invoice: str


@dataclass(frozen=True, slots=True)
class Absence:
    """A configured product of a mapped organization without a count for an invoice.

    `billed` is whether an addition bills it, or one that we wrote did. `shown` is whether the
    source itself counts other products of the organization. `reason` says where the count is
    missing. `invoiced_at` is None for a preview as of now.
    """

    product: Product
    counted: Counted | None
    billed: bool
    shown: bool
    reason: str
    invoiced_at: datetime | None

    def reading(self) -> Reading | None:
        """The reading to plan with; None where the product is not in use."""
        if self.counted and _reaches_past(self.counted.reading, self.invoiced_at):
            return replace(self.counted.reading, invoice=self.counted.invoice)
        if self.counted and self.counted.reading.units != 0:  # guard: absent-is-not-zero
            return Reading(self.product, None, self.reason)
        if not self.billed:
            return None
        if not self.shown:
            return Reading(self.product, None, self.reason)
        return Reading(self.product, 0, silent=True)


def _reaches_past(reading: Reading, invoiced_at: datetime | None) -> bool:
    """Whether the period of an invoice line, as of an annual one, has not ended at the invoice."""
    ends = reading.period_end
    return ends is not None and invoiced_at is not None and ends > invoiced_at
