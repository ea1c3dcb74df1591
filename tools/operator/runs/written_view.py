"""What a release or an undo will write, before anybody is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from tools.operator.runs.rows_view import rows_table, sums
from tools.operator.terminal import say, terminal

WHY_TOLD = 10


def show_what_will_be_written(rows: Sequence[Mapping[str, Any]], *, title: str) -> None:
    """Every row, why the largest were held, and what they come to; on standard error nothing."""
    console = terminal()
    by_size = sorted(rows, key=lambda row: -abs(float(row["money"] or 0)))
    console.print(rows_table(by_size, title=title))
    held = [row for row in by_size if row["outcome"] == "held"]
    say(console, "Held because", [f"{r['company']}: {r['message']}" for r in held[:WHY_TOLD]])
    console.print(f"\nTogether: {sums(rows)}.", markup=False)
