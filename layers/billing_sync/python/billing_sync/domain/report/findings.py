"""Verdicts, the full audit and the invoice's quantity, as plain values of a run's document."""

from collections.abc import Iterable

from billing_sync.domain.apply.drift import Drift
from billing_sync.domain.plan.plan import Remainder, Row
from billing_sync.domain.plan.unmatched import Stray, by_size
from billing_sync.domain.runs.run import Run
from billing_sync.domain.statement.billing_status import (
    BillingStatus,
    Finding,
    StatusSum,
    findings,
    status_sums,
)
from billing_sync.domain.statement.invoice_total import explained
from billing_sync.domain.wording import amount, amounts, plain

Document = dict[str, object]
_RARE = frozenset({BillingStatus.NOT_CHARGED, BillingStatus.ACCEPTED})  # shown where there are any


def statuses_document(
    run: Run,
    rows: Iterable[Row],
    remainders: Iterable[Remainder],
    drifts: Iterable[Drift],
    *,
    most: int | None,
) -> Document:
    """The sums by verdict, and every finding that is not right; both empty for an undo.

    Unlike the sums of the run, they include later changes by people (`drifts`).
    """
    if run.request.undoes:
        return {"verdicts": {}, "findings": [], "findings_not_shown": 0}
    found = findings(rows, remainders, drifts)
    sums = sorted(status_sums(found, run.tie_out), key=lambda total: not total.findings)
    sums = [total for total in sums if total.findings or total.status not in _RARE]
    wrong = [f for f in found if f.status is not BillingStatus.CORRECT or f.decided]
    shown = wrong if most is None else wrong[:most]
    return {
        "verdicts": {total.status.value: _sum_of_a_run(total, run) for total in sums},
        "findings": [finding_document(finding, status_as="verdict") for finding in shown],
        "findings_not_shown": len(wrong) - len(shown),
    }


def audit_document(run: Run, strays: Iterable[Stray], *, most: int | None) -> Document:
    """Additions billed without usage, largest money first, and the scope of the audit."""
    found = by_size(strays)
    shown = found if most is None else found[:most]
    return {
        "full_audit": _looked(run),
        "billed_without_usage": [_stray_document(stray) for stray in shown],
        "billed_without_usage_not_shown": (run.audit.additions if run.audit else 0) - len(shown),
        "billed_without_usage_money": amounts(run.audit.money) if run.audit else {},
    }


def invoice_total_document(run: Run) -> Document:
    """The comparison with the invoice's quantity, in sentences."""
    return {"against_the_invoice": explained(run.invoice_tie_out) if run.invoice_tie_out else []}


def _looked(run: Run) -> str:
    audit = run.audit
    if audit is None:
        return "not made"
    return audit.trouble or (
        f"{audit.agreements} active agreements of companies without an organization, all read"
    )


def sum_document(total: StatusSum) -> Document:
    """The units and the money of one billing status."""
    return {
        "units": total.all_units,
        "unknown": total.unknown,
        "by_product": {product.value: units for product, units in total.units.items()},
        "findings": total.findings,
        "money": amounts(total.money),
        "units_without_price": total.unpriced,
    }


def finding_document(finding: Finding, *, status_as: str) -> Document:
    """One finding; its billing status is under the key `status_as`."""
    return {
        status_as: f"{finding.status} (by decision)" if finding.decided else finding.status.value,
        "who": finding.name,
        "products": finding.products,
        "units": finding.all_units,
        "unknown": finding.unknown,
        "money": "" if finding.money is None else amount(finding.money, finding.currency),
        "currency": "" if finding.money is None else finding.currency,
        "message": finding.message,
    }


def _sum_of_a_run(total: StatusSum, run: Run) -> Document:
    if total.status is not BillingStatus.CORRECT:
        return sum_document(total)
    more = {"by_decision": total.decided, "once_written": not run.applied}
    return {**sum_document(total), **more}


def _stray_document(stray: Stray) -> Document:
    return {
        "company": stray.company_name,
        "company_id": stray.company_id,
        "products": stray.products,
        "agreement": stray.agreement_name,
        "agreement_id": stray.agreement_id,
        "addition": stray.addition_id,
        "quantity": plain(stray.quantity),
        "money": "" if stray.money is None else amount(stray.money, stray.currency),
        "currency": "" if stray.money is None else stray.currency,
        "billing_cycle": stray.billing_cycle,
        "message": stray.message,
    }
