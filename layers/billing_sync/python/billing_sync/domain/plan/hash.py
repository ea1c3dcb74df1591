"""The fingerprint of a plan, which a release must give: only what was reviewed is written."""

import hashlib
import json
from decimal import Decimal

from billing_sync.domain.plan.plan import Row


def plan_hash(rows: tuple[Row, ...], *, run_id: str, invoice: str) -> str:
    """Hex SHA-256 over the planned rows, whatever their order; names and money are left out."""
    lines = sorted(json.dumps(_planned_fields(row, run_id, invoice)) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _planned_fields(row: Row, run_id: str, invoice: str) -> list[object]:
    parts = sorted(
        [part.product, sorted([s.organization_id, s.units] for s in part.sources)]
        for part in row.parts
    )
    return [
        run_id,
        invoice,
        row.company_id,
        row.agreement_id,
        row.addition_id,
        parts,
        _normal(row.before),
        _normal(row.target),
        row.outcome,
        row.reason,
        *sorted(row.further_reasons),  # guard: hash-of-all-reasons
    ]


def _normal(quantity: Decimal | None) -> str | None:
    return None if quantity is None else format(quantity.normalize(), "f")
