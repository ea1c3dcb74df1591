"""The billing status of each unit of usage, in words that a finance lead can act on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing_sync.domain.apply.drift import Drift, DriftKind
from billing_sync.domain.errors import Fatal
from billing_sync.domain.plan.plan import ProductTieOut, Remainder, RemainderKind, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.vendors.usage import Product
from billing_sync.domain.wording import summed


class BillingStatus(StrEnum):
    """The billing status of a unit of usage, most urgent first; each unit has exactly one."""

    UNBILLED = "unbilled"
    NOT_CHARGED = "not charged"
    CHANGED = "changed in ConnectWise"
    REVIEW = "needs review"
    ACCEPTED = "accepted as is"
    CORRECT = "billed correctly"


# Nothing bills these units today. All other reasons to hold, block or fail need a decision.
_UNBILLED = frozenset(
    {
        Reason.NO_ADDITION,
        Reason.NO_AGREEMENT,
        Reason.ADDITION_FUTURE,
        Reason.ADDITION_ENDED,
        Reason.AGREEMENT_FUTURE,
        Reason.AGREEMENT_EXPIRED,
        Reason.AGREEMENT_CANCELLED,
        Reason.GONE,
    }
)
_SETTLED = frozenset({BillingStatus.CORRECT, BillingStatus.ACCEPTED})
BY_A_PERSON = frozenset({DriftKind.CHANGED, DriftKind.OVERWRITTEN})


@dataclass(frozen=True, slots=True)
class Finding:
    """One row or remainder with its billing status; `name` is the company's or organization's.

    `units` are known usage by product, `unknown` counts the organizations whose usage is not
    known. `money` is per billing cycle, None where no price is known: of `unbilled` and
    `not charged` what could be billed, of the others the change. `decided` is whether a person
    chose not to bill it.
    """

    status: BillingStatus
    name: str
    products: str
    units: dict[Product, int]
    unknown: int
    money: Decimal | None
    decided: bool
    message: str
    currency: str = ""

    @property
    def all_units(self) -> int:
        """The known units of all its products."""
        return sum(self.units.values())

    @property
    def settled(self) -> bool:
        """Whether nobody has to do anything about it; what is unknown is never settled."""
        return self.status in _SETTLED and not self.unknown


@dataclass(frozen=True, slots=True)
class StatusSum:
    """The findings of one status: how many, and their units by product.

    `unknown` counts the organizations whose usage is in no units, because it is not known.
    `money` sums those that have a price by currency, `unpriced` the units of those that have none.
    `decided` are the units that a person chose not to bill; they are in `units`, and no money is
    lost.
    """

    status: BillingStatus
    findings: int
    units: dict[Product, int]
    decided: int
    money: dict[str, Decimal]
    unpriced: int
    unknown: int = 0

    @property
    def all_units(self) -> int:
        """The units of all products."""
        return sum(self.units.values())


def findings(
    rows: Iterable[Row], remainders: Iterable[Remainder], drifts: Iterable[Drift] = ()
) -> tuple[Finding, ...]:
    """Every row and remainder with its billing status, largest money first, then units.

    `drifts` were found after the run: a quantity that a person changed since is no longer billed
    right.
    """
    changed = {drift.addition_id: drift.message for drift in drifts if drift.kind in BY_A_PERSON}
    found = (
        *(finding_of_row(row, changed) for row in rows),
        *map(finding_of_remainder, remainders),
    )
    return tuple(sorted(found, key=by_weight))


def status_sums(
    found: Iterable[Finding], tie_out: Iterable[ProductTieOut]
) -> tuple[StatusSum, ...]:
    """One sum for each status; raises `Fatal` when they do not add up to the known usage."""
    found = tuple(found)
    known = {total.product: total.usage for total in tie_out}
    sums = tuple(_summed(status, found) for status in BillingStatus)
    for product in known.keys() | {product for total in sums for product in total.units}:
        judged = {total.status.value: total.units.get(product, 0) for total in sums}
        if sum(judged.values()) != known.get(product, 0):
            raise Fatal(
                f"the billing statuses do not add up for {product}: Huntress counted"
                f" {known.get(product, 0)}, the statuses have {judged}. Please report this."
            )
    return sums if found else ()


def finding_of_row(row: Row, changed: Mapping[int, str]) -> Finding:
    """The row's; `changed` are messages by addition, where a person changed a quantity since."""
    status, message = _status_of(row), row.message
    money, currency = row.money, row.currency
    if status is BillingStatus.CORRECT and row.not_charged:
        accepted = row.not_charged.accepted
        money, currency = row.not_charged.worth, row.not_charged.currency
        status = BillingStatus.ACCEPTED if accepted else BillingStatus.NOT_CHARGED
        message = row.not_charged.message
    if status in _SETTLED and row.addition_id and row.addition_id in changed:
        status, message = BillingStatus.CHANGED, changed[row.addition_id]
        money, currency = row.money, row.currency
    unbilled_since_plan = status is BillingStatus.UNBILLED and row.addition_id is not None
    units = {part.product: part.known_units for part in row.parts if part.sources}
    return Finding(
        status,
        row.company_name,
        row.products,
        units,
        sum(part.unknown_count for part in row.parts),
        # Its money is of the planned change, not of all units that no client is billed for now.
        None if unbilled_since_plan else money,
        row.outcome is Outcome.EXCLUDED or row.reason is Reason.ZERO_KEPT,
        message,
        currency,
    )


def _status_of(row: Row) -> BillingStatus:
    if row.outcome in (Outcome.UNCHANGED, Outcome.UPDATED, Outcome.EXCLUDED):
        return BillingStatus.CORRECT
    if row.outcome is Outcome.CONFLICT or row.reason is Reason.EDITED:
        return BillingStatus.CHANGED
    return BillingStatus.UNBILLED if row.reason in _UNBILLED else BillingStatus.REVIEW


def finding_of_remainder(remainder: Remainder) -> Finding:
    """What an organization used that is in no row."""
    decided = remainder.kind is RemainderKind.EXCLUDED
    return Finding(
        BillingStatus.CORRECT if decided else BillingStatus.UNBILLED,
        remainder.organization_name,
        remainder.product.value,
        {remainder.product: remainder.units or 0},
        int(remainder.units is None),
        remainder.money,
        decided,
        remainder.message,
        remainder.currency,
    )


def _summed(status: BillingStatus, found: tuple[Finding, ...]) -> StatusSum:
    own = [finding for finding in found if finding.status is status]
    units = {p: sum(f.units.get(p, 0) for f in own) for p in Product}
    return StatusSum(
        status,
        findings=len(own),
        units={product: n for product, n in units.items() if n},
        decided=sum(f.all_units for f in own if f.decided),
        money=summed((f.currency, f.money) for f in own),
        unpriced=sum(f.all_units for f in own if f.money is None and not f.decided),
        unknown=sum(f.unknown for f in own),
    )


def by_weight(finding: Finding) -> tuple[Decimal, int, str, str]:
    """The order of findings: largest money first, then units."""
    return (-abs(finding.money or Decimal(0)), -finding.all_units, finding.name, finding.products)
