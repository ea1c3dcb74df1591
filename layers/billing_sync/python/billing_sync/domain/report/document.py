"""The report of a run: the result first, then its coverage, the next steps and the rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from billing_sync.domain.apply.drift import Drift
from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.forecast.forecast import Forecast
from billing_sync.domain.plan.plan import Remainder, Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.plan.unmatched import Stray
from billing_sync.domain.report.findings import (
    audit_document,
    invoice_total_document,
    statuses_document,
)
from billing_sync.domain.report.forecast import forecast_document, forecast_steps
from billing_sync.domain.report.next_steps import way_back, what_next
from billing_sync.domain.runs.run import Run, Status, Verdict
from billing_sync.domain.statement.billing_status import BillingStatus
from billing_sync.domain.wording import PRICES, amount, plain, utc_time

Document = dict[str, object]
News = Mapping[tuple[int, str], str]  # by company id and the row's key: `released by 000021-…`
SEEN_BY_THE_CLIENT = (Outcome.UPDATED, Outcome.HELD)


def run_document(
    run: Run,
    states: Iterable[RowState],
    remainders: Iterable[Remainder],
    drifts: Iterable[Drift] = (),
    strays: Iterable[Stray] = (),
    *,
    forecast: Forecast | None = None,
    since: News = MappingProxyType({}),
    now: datetime | None = None,
    most_rows: int | None = None,
) -> Document:
    """The run as a document of plain values, largest money first; `most_rows` shortens it.

    `forecast` is given when the run is one. `since` is what newer runs did to its rows; a step that
    would be refused `now` is not offered.
    """
    states, remainders, drifts = tuple(states), tuple(remainders), tuple(drifts)
    rows = sorted((state.row for state in states), key=_by_weight)
    verdicts = statuses_document(run, rows, remainders, drifts, most=most_rows)
    waiting = [row for row in rows if (row.company_id, row.key) not in since]
    steps = [*what_next(run, waiting, remainders, now=now), *way_back(run, states)]
    if forecast:
        complete = run.coverage is not None and run.coverage.complete
        steps = forecast_steps(forecast, rows, remainders, complete=complete)
    changed = [f"{d.company_name}, {d.products}: {d.message}" for d in drifts]
    return {
        "result": headline(run) + _since_then(since),
        "run_id": run.id,
        "mode": run.request.mode.value,
        "status": run.status.value,
        "verdict": run.verdict.value if run.verdict else "",
        "invoice": _invoice(run),
        "requested_by": f"{run.request.by} (as stated)" if not run.automatic else "the invoice",
        "requested_at": utc_time(run.requested_at),
        "closed_at": utc_time(run.closed_at),
        "coverage": str(run.coverage or ""),
        "not_read": list(run.coverage.unread) if run.coverage else [],
        "outcomes": run.outcomes,
        "held_because": list(run.guard_messages),
        "warnings": list(run.warnings),
        "prices": PRICES,
        "plan_hash": run.plan_hash,
        "next": [step.as_values() for step in steps],
        **audit_document(run, strays, most=most_rows),
        **_shortened("changed_since", changed, most_rows),
        "verdicts": verdicts.pop("verdicts"),
        "tie_out": {
            total.product.value: {"used": total.usage, **total.ended, "unknown": total.unknown}
            for total in run.tie_out
        },
        **invoice_total_document(run),
        **({"forecast": forecast_document(forecast, most=most_rows)} if forecast else {}),
        **_shortened("rows", [_with_news(row, since) for row in rows], most_rows),
        **verdicts,
        **_shortened("usage_in_no_row", [_remainder_document(r) for r in remainders], most_rows),
    }


def _shortened(name: str, values: Sequence[object], most: int | None) -> Document:
    """The first of a list, and how many more there are."""
    shown = list(values[:most])
    return {name: shown, f"{name}_not_shown": len(values) - len(shown)}


def _with_news(row: Row, since: News) -> Document:
    """The row, with what a newer run did to it where there is one."""
    news = since.get((row.company_id, row.key))
    return row_document(row) | ({"since": news} if news else {})


def _since_then(since: News) -> str:
    """`; since then 5 released by 000021-release`."""
    news = ", ".join(f"{rows} {what}" for what, rows in sorted(Counter(since.values()).items()))
    return f"; since then {news}" if news else ""


def headline(run: Run) -> str:
    """`WROTE 41 quantities`, `WROTE NOTHING: preview`: the result in one line."""
    if run.open:
        reason = {Status.PAUSED: run.pause_reason, Status.REQUESTED: run.note}.get(run.status)
        why = f" ({reason})" if reason else ""
        return f"IN PROGRESS: {run.status}{why}"
    if run.note:
        return f"WROTE {run.wrote or 'NOTHING'}: {run.note}"
    undo = f"undo of run {run.request.source_run_id}" if run.request.undoes else ""
    right = undo or _right(run)
    if run.verdict is Verdict.PREVIEWED:
        preview = f"preview of the {undo}" if undo else _kind(run)
        needs = _counted(run, "updated", "held", "blocked")
        return f"WROTE NOTHING: {preview}, {needs or right}"
    wrote = f"{run.wrote} {'quantity' if run.wrote == 1 else 'quantities'}"
    needs = _counted(run, "held", "blocked", "conflict", "failed")
    needs = needs or (right if run.green else "")
    result = ", ".join(filter(None, (run.verdict, needs)))
    return f"WROTE {wrote if run.wrote else 'NOTHING'}: {result}"


def _right(run: Run) -> str:
    """`every addition is right`, as far as the full audit confirms it."""
    if run.audit and run.audit.trouble:
        return "every addition that was read is right"
    if run.audit and run.audit.additions:
        return f"every counted addition is right, {run.audit.additions} billed without usage"
    return "every addition is right"


def _kind(run: Run) -> str:
    return "forecast" if run.request.as_of_now else "preview"


def _counted(run: Run, *outcomes: str) -> str:
    """`6 held, 8 blocked, 1 not charged`: the rows like this, where there are any."""
    would = {"updated": "to update"} if run.verdict is Verdict.PREVIEWED else {}
    counts = [f"{run.outcomes[o]} {would.get(o, o)}" for o in outcomes if run.outcomes.get(o)]
    not_charged = sum(s.findings for s in run.statuses if s.status is BillingStatus.NOT_CHARGED)
    return ", ".join([*counts, f"{not_charged} not charged"] if not_charged else counts)


def row_document(row: Row) -> Document:
    """One row as plain values; quantities and money as text without trailing zeros."""
    return {
        "company": row.company_name,
        "company_id": row.company_id,
        "products": row.products,
        "agreement": row.agreement_name,
        "agreement_id": row.agreement_id,
        "addition": row.addition_id,
        "used": row.arithmetic,
        "before": plain(row.before),
        "target": plain(row.target),
        "money": "" if row.money is None else amount(row.money, row.currency),
        "currency": "" if row.money is None else row.currency,
        "billing_cycle": row.billing_cycle,
        "outcome": row.outcome.value,
        "reason": row.reason.value,
        "takes_effect": row.takes_effect if row.outcome in SEEN_BY_THE_CLIENT else "",
        "message": row.message,
        "read_from": ", ".join(sorted({s.source.value for p in row.parts for s in p.sources})),
        "mapped_by": ", ".join(sorted({s.mapped_by for p in row.parts for s in p.sources} - {""})),
    }


def _remainder_document(remainder: Remainder) -> Document:
    return {
        "organization": remainder.organization_name,
        "organization_id": remainder.organization_id,
        "product": remainder.product.value,
        "units": remainder.units if remainder.units is not None else "unknown",
        "kind": remainder.kind.value,
        "message": remainder.message,
    }


def _invoice(run: Run) -> str:
    if run.invoice is None:
        return "none: usage as of now"
    invoice = run.invoice
    parts = [f"{invoice.source} {invoice.id} of {invoice.created_at:%Y-%m-%d} ({invoice.plan})"]
    if run.products:
        parts.append(f"which speaks of {', '.join(run.products)} only")
    if run.other_products:
        numbers = sorted(key.partition("#")[2] for key in run.other_products)
        parts.append(f"with the other invoices of its billing cycle: {', '.join(numbers)}")
    if run.counted_for:
        parts.append(f"issued again, with the counts of {run.counted_for}")
    if run.usage_version:
        parts.append(f"with imported usage, version {run.usage_version}")
    return ", ".join(parts)


def _by_weight(row: Row) -> tuple[Decimal, bool, int, str]:
    unchanged = row.outcome is Outcome.UNCHANGED
    return (-abs(row.money or Decimal(0)), unchanged, row.company_id, row.key)
