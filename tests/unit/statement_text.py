"""Statements as the text of `statement.txt`: what an accountant checks, and nothing else."""

from collections.abc import Iterable

from billing_sync.domain.statement.billing_status import Finding, status_sums
from billing_sync.domain.statement.statement import Line, Statement, statement_findings
from tests.unit.plan_text import sum_text, table, units_text

HEAD = ("company", "product", "addition", "units", "quantity", "outcome", "reason", "runs")


def statements_text(statements: Iterable[tuple[str, Statement]]) -> str:
    return "\n".join(_statement(invoice, found) for invoice, found in statements)


def _statement(invoice: str, statement: Statement) -> str:
    shown = [f"invoice {invoice}", ""]
    if statement.lines:
        shown += [*table([HEAD, *map(_cells, statement.lines)]), ""]
    if statement.remainders:
        remainders = [
            (r.kind, r.organization_name, r.product, units_text(r.units))
            for r in statement.remainders
        ]
        shown += ["usage not billed to any agreement", *table(remainders), ""]
    if statement.not_planned:
        counts = [
            (n.organization_name, n.product, units_text(n.units)) for n in statement.not_planned
        ]
        shown += ["not planned yet", *table(counts), ""]
    found = statement_findings(statement)
    shown += ["billing status", *_statuses(found, statement), ""]
    shown += ["usage reconciliation", *map(sum_text, statement.tie_out)]
    return "\n".join(shown) + "\n"


def _cells(line: Line) -> tuple[str, ...]:
    row = line.row
    sources = [source for part in row.parts for source in part.sources]
    runs = [
        f"planned by {line.planned_by}",
        *([f"released by {line.released_by}"] if line.released_by else []),
        *([f"undone by {line.undone_by}"] if line.undone_by else []),
        *([f"declined by {line.declined.by}: {line.declined.reason}"] if line.declined else []),
    ]
    return (
        row.company_name,
        row.products or "-",
        f"{row.addition_id} on {row.agreement_name}" if row.addition_id else "-",
        " + ".join(f"{s.organization_name} {units_text(s.units)}" for s in sources) or "-",
        "-" if row.before is None else f"{row.before} -> {row.target}",
        row.outcome,
        row.reason or "-",
        ", ".join(runs),
    )


def _statuses(found: tuple[Finding, ...], statement: Statement) -> list[str]:
    return [
        f"{total.status}: " + " + ".join(f"{units} {p}" for p, units in total.units.items())
        for total in status_sums(found, statement.tie_out)
        if total.units
    ]
