"""A plan as the text of `plan.txt`: what an accountant checks, and nothing else."""

from billing_sync.domain.plan.plan import Plan, ProductTieOut, Row
from billing_sync.domain.wording import amount, usage_in_words
from tests.unit.builders import NEXT_INVOICE

HEAD = ("company", "product", "addition", "used", "quantity", "money", "outcome", "reason")


def plan_text(plan: Plan, tie_out: tuple[ProductTieOut, ...]) -> str:
    lines = table([HEAD, *(_cells(row) for row in plan.rows)])
    shown = [lines[0]]
    for line, row in zip(lines[1:], plan.rows, strict=True):
        shown += [line, *([f"    {row.message}"] if row.message else [])]
        if row.takes_effect and row.next_invoice != NEXT_INVOICE:  # what a case sets itself
            shown.append(f"    takes effect {row.takes_effect}")
    if plan.remainders:
        remainders = [
            (r.kind, r.organization_name, r.product, units_text(r.units), r.message)
            for r in plan.remainders
        ]
        shown += ["", "usage not billed to any agreement", *table(remainders)]
    if plan.guard_messages:
        shown += ["", "the whole run is held", *plan.guard_messages]
    if plan.products:
        shown += ["", f"the invoice covers {', '.join(plan.products)} only"]
    if plan.warnings:
        shown += ["", "warnings", *plan.warnings]
    shown += ["", "usage reconciliation", *(sum_text(product) for product in tie_out)]
    shown += ["", str(plan.coverage), *plan.coverage.unread]
    return "\n".join(shown) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.company_name,
        row.products or "-",
        f"{row.addition_id} on {row.agreement_name}" if row.addition_id else "-",
        row.arithmetic,
        _quantity(row),
        _money(row),
        row.outcome,
        row.reason,
    )


def _quantity(row: Row) -> str:
    if row.before is None:
        return "-"
    return str(row.before) if row.target is None else f"{row.before} -> {row.target}"


def _money(row: Row) -> str:
    if row.money is None:
        return "no price" if row.addition_id and row.target is not None else "-"
    currency = (
        "" if row.currency == "USD" else f" {row.currency}"
    )  # USD unless a case names another
    return f"{amount(row.money, row.currency, sign='+')}{currency} {row.billing_cycle}".strip()


def units_text(units: int | None) -> str:
    return "unknown" if units is None else str(units)


def sum_text(product: ProductTieOut) -> str:
    return f"{product.product}: {usage_in_words(product.usage, product.ended, product.unknown)}"


def table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
