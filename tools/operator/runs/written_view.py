"""What a release or an undo will write, before anybody is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from billing_sync.domain.wording import PRICES
from tools.operator.runs.rows_view import rows_table, sums
from tools.operator.terminal import print_list, terminal

REASONS_SHOWN = 10


def show_planned_writes(rows: Sequence[Mapping[str, Any]], *, title: str) -> None:
    """Every row, why the largest were held, and the total; on standard error nothing."""
    console = terminal()
    by_size = sorted(rows, key=lambda row: -abs(float(row["money"] or 0)))
    console.print(rows_table(by_size, title=title))
    held = [row for row in by_size if row["outcome"] == "held"]
    print_list(
        console, "Held because", [f"{r['company']}: {r['message']}" for r in held[:REASONS_SHOWN]]
    )
    console.print(f"\nTogether: {sums(rows)}. {PRICES}", markup=False)
