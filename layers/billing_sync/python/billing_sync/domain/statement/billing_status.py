"""The billing status of each unit of usage, in four verdicts that a finance lead can act on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing_sync.domain.apply.drift import Drift, DriftKind
from billing_sync.domain.errors import Fatal
from billing_sync.domain.plan.plan import ProductTieOut, Remainder, RemainderKind, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.vendors.usage import Product


class UsageVerdict(StrEnum):
    """The billing status of a unit of usage, most urgent first; each unit has exactly one."""

    UNBILLED = "paid but not billed"
    CHANGED = "changed by a person"
    DECISION = "needs a decision"
    RIGHT = "billed right"


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
_BY_A_PERSON = frozenset({DriftKind.CHANGED, DriftKind.OVERWRITTEN})


@dataclass(frozen=True, slots=True)
class Finding:
    """One row or remainder with its verdict; `name` is the company's, else the organization's.

    `units` are known usage by product, `unknown` counts the organizations whose usage is not
    known. `money` is per billing cycle, None where no price is known: of `paid but not billed` what
    is not billed, of the others the change. `decided` is whether a person chose not to bill it.
    """

    verdict: UsageVerdict
    name: str
    products: str
    units: dict[Product, int]
    unknown: int
    money: Decimal | None
    decided: bool
    message: str

    @property
    def all_units(self) -> int:
        """The known units of all its products."""
        return sum(self.units.values())


@dataclass(frozen=True, slots=True)
class VerdictSum:
    """The findings of one verdict: how many, and their units by product.

    `money` sums those that have a price, `unpriced` the units of those that have none. `decided`
    are the units that a person chose not to bill; they are in `units`, and no money is lost.
    """

    verdict: UsageVerdict
    findings: int
    units: dict[Product, int]
    decided: int
    money: Decimal
    unpriced: int

    @property
    def all_units(self) -> int:
        """The units of all products."""
        return sum(self.units.values())


def findings(
    rows: Iterable[Row], remainders: Iterable[Remainder], drifts: Iterable[Drift] = ()
) -> tuple[Finding, ...]:
    """Every row and remainder with its verdict, largest money first, then units.

    `drifts` were found after the run: a quantity that a person changed since is no longer billed
    right.
    """
    changed = {drift.addition_id: drift.message for drift in drifts if drift.kind in _BY_A_PERSON}
    found = (*(_of_row(row, changed) for row in rows), *map(_of_remainder, remainders))
    return tuple(sorted(found, key=_by_weight))


def verdict_sums(
    found: Iterable[Finding], tie_out: Iterable[ProductTieOut]
) -> tuple[VerdictSum, ...]:
    """One sum for each verdict; raises `Fatal` when they do not add up to the known usage."""
    found = tuple(found)
    sums = tuple(_summed(verdict, found) for verdict in UsageVerdict)
    known = {total.product: total.usage for total in tie_out}
    for product in known.keys() | {product for total in sums for product in total.units}:
        judged = {total.verdict.value: total.units.get(product, 0) for total in sums}
        if sum(judged.values()) != known.get(product, 0):
            raise Fatal(
                f"the verdicts do not add up for {product}: Huntress counted"
                f" {known.get(product, 0)}, the verdicts have {judged}. Please report this."
            )
    return sums if found else ()


def _of_row(row: Row, changed: Mapping[int, str]) -> Finding:
    verdict = _verdict_of(row)
    message = row.message
    if verdict is UsageVerdict.RIGHT and row.addition_id and row.addition_id in changed:
        verdict, message = UsageVerdict.CHANGED, changed[row.addition_id]
    unbilled_since_plan = verdict is UsageVerdict.UNBILLED and row.addition_id is not None
    units = {part.product: part.known_units for part in row.parts if part.sources}
    return Finding(
        verdict,
        row.company_name,
        row.products,
        units,
        sum(part.unknown_count for part in row.parts),
        # Its money is of the planned change, not of all units that no client is billed for now.
        None if unbilled_since_plan else row.money,
        row.outcome is Outcome.EXCLUDED or row.reason is Reason.ZERO_KEPT,
        message,
    )


def _verdict_of(row: Row) -> UsageVerdict:
    if row.outcome in (Outcome.UNCHANGED, Outcome.UPDATED, Outcome.EXCLUDED):
        return UsageVerdict.RIGHT
    if row.outcome is Outcome.CONFLICT or row.reason is Reason.EDITED:
        return UsageVerdict.CHANGED
    return UsageVerdict.UNBILLED if row.reason in _UNBILLED else UsageVerdict.DECISION


def _of_remainder(remainder: Remainder) -> Finding:
    decided = remainder.kind is RemainderKind.EXCLUDED
    return Finding(
        UsageVerdict.RIGHT if decided else UsageVerdict.UNBILLED,
        remainder.organization_name,
        remainder.product.value,
        {remainder.product: remainder.units or 0},
        int(remainder.units is None),
        remainder.money,
        decided,
        remainder.message,
    )


def _summed(verdict: UsageVerdict, found: tuple[Finding, ...]) -> VerdictSum:
    own = [finding for finding in found if finding.verdict is verdict]
    units = {p: sum(f.units.get(p, 0) for f in own) for p in Product}
    return VerdictSum(
        verdict,
        findings=len(own),
        units={product: n for product, n in units.items() if n},
        decided=sum(f.all_units for f in own if f.decided),
        money=sum((f.money or Decimal(0) for f in own), Decimal(0)),
        unpriced=sum(f.all_units for f in own if f.money is None and not f.decided),
    )


def _by_weight(finding: Finding) -> tuple[Decimal, int, str, str]:
    return (-abs(finding.money or Decimal(0)), -finding.all_units, finding.name, finding.products)
