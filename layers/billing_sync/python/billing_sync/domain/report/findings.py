"""Verdicts, the full audit and the invoice's own number, as plain values of a run's document."""

from collections.abc import Iterable

from billing_sync.domain.apply.drift import Drift
from billing_sync.domain.plan.plan import Remainder, Row
from billing_sync.domain.plan.unmatched import Stray, by_size
from billing_sync.domain.runs.run import Run
from billing_sync.domain.statement.billing_status import (
    Finding,
    UsageVerdict,
    VerdictSum,
    findings,
    verdict_sums,
)
from billing_sync.domain.statement.invoice_total import explained
from billing_sync.domain.wording import amount, plain

Told = dict[str, object]


def tell_verdicts(
    run: Run,
    rows: Iterable[Row],
    remainders: Iterable[Remainder],
    drifts: Iterable[Drift],
    *,
    most: int | None,
) -> Told:
    """The sums by verdict, and every finding that is not right; both empty for an undo.

    They count what people changed since (`drifts`), which the sums of the run cannot.
    """
    if run.request.undoes:
        return {"verdicts": {}, "findings": [], "findings_not_shown": 0}
    found = findings(rows, remainders, drifts)
    sums = sorted(verdict_sums(found, run.tie_out), key=lambda one: not one.findings)
    wrong = [one for one in found if one.verdict is not UsageVerdict.RIGHT or one.decided]
    shown = wrong if most is None else wrong[:most]
    return {
        "verdicts": {one.verdict.value: _tell_sum(one, run) for one in sums},
        "findings": [_tell_finding(one) for one in shown],
        "findings_not_shown": len(wrong) - len(shown),
    }


def tell_audit(run: Run, strays: Iterable[Stray], *, most: int | None) -> Told:
    """What is billed without usage, largest money first, and how far the audit looked."""
    found = by_size(strays)
    shown = found if most is None else found[:most]
    return {
        "full_audit": _looked(run),
        "billed_without_usage": [_tell_stray(stray) for stray in shown],
        "billed_without_usage_not_shown": (run.audit.additions if run.audit else 0) - len(shown),
        "billed_without_usage_money": amount(run.audit.money) if run.audit else "",
    }


def tell_invoice(run: Run) -> Told:
    """The invoice's own number against the count, in sentences."""
    return {"against_the_invoice": explained(run.invoice_tie_out) if run.invoice_tie_out else []}


def _looked(run: Run) -> str:
    audit = run.audit
    if audit is None:
        return "not made"
    return audit.trouble or (
        f"{audit.agreements} active agreements of companies without an organization, all read"
    )


def _tell_sum(one: VerdictSum, run: Run) -> Told:
    told: Told = {
        "units": one.all_units,
        "by_product": {product.value: units for product, units in one.units.items()},
        "findings": one.findings,
        "money": amount(one.money),
        "units_without_price": one.unpriced,
    }
    if one.verdict is UsageVerdict.RIGHT:
        told["by_decision"] = one.decided
        told["once_written"] = not run.applied
    return told


def _tell_finding(one: Finding) -> Told:
    return {
        "verdict": f"{one.verdict} (by decision)" if one.decided else one.verdict.value,
        "who": one.name,
        "products": one.products,
        "units": one.all_units,
        "unknown": one.unknown,
        "money": "" if one.money is None else amount(one.money),
        "message": one.message,
    }


def _tell_stray(stray: Stray) -> Told:
    return {
        "company": stray.company_name,
        "company_id": stray.company_id,
        "products": stray.products,
        "agreement": stray.agreement_name,
        "agreement_id": stray.agreement_id,
        "addition": stray.addition_id,
        "quantity": plain(stray.quantity),
        "money": "" if stray.money is None else amount(stray.money),
        "billing_cycle": stray.billing_cycle,
        "message": stray.message,
    }
