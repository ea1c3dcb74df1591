"""Runs, plans and checks as tables that fit a terminal of 100 columns."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from rich import box
from rich.table import Table

from billing_sync.domain.plan import Outcome, ProductTieOut, Row
from billing_sync.domain.run import Run
from billing_sync.domain.verdicts import UsageVerdict, VerdictSum

_COLOURS = {
    Outcome.UPDATED: "green",
    Outcome.HELD: "yellow",
    Outcome.BLOCKED: "red",
    Outcome.CONFLICT: "red",
    Outcome.FAILED: "red",
}
_MARKS = {"pass": "green", "warn": "yellow", "fail": "red"}


def rows_table(rows: Iterable[Row], *, title: str) -> Table:
    """A line for each row, in the given order."""
    table = _table(title)
    table.add_column("Company", no_wrap=True, max_width=26)
    table.add_column("Product", no_wrap=True)
    table.add_column("Quantity", justify="right", no_wrap=True)
    table.add_column("Money", justify="right", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Why", overflow="fold")
    for row in rows:
        outcome = _coloured(row.outcome, _COLOURS.get(row.outcome))
        why = row.reason.replace("_", " ")
        money = _money(row.money)
        table.add_row(row.company_name, row.products, _quantity(row), money, outcome, why)
    return table


def tie_out_table(products: Iterable[ProductTieOut]) -> Table:
    """A column for each product: what was counted, where it ended, and that it adds up."""
    products = tuple(products)
    table = _table("Where every unit ended")
    table.add_column("")
    for one in products:
        table.add_column(one.product, justify="right", min_width=8)
    table.add_row("counted by Huntress", *(str(one.usage) for one in products), end_section=True)
    for place in sorted({place for one in products for place in one.ended}):
        table.add_row(place.replace("_", " "), *(str(one.ended.get(place, 0)) for one in products))
    table.add_section()
    table.add_row("sum", *(str(sum(one.ended.values())) for one in products))
    table.add_row("organizations unknown", *(str(one.unknown) for one in products))
    return table


def verdicts_table(verdicts: Iterable[VerdictSum]) -> Table:
    """What a finance lead asks of every unit, the most urgent first; money per billing cycle."""
    table = _table("What became of what we pay for")
    table.add_column("")
    for name in ("Rows", "Units", "Money"):
        table.add_column(name, justify="right")
    for one in verdicts:
        money = "" if one.verdict is UsageVerdict.RIGHT else _money(one.money)
        table.add_row(one.verdict, str(one.findings), str(one.all_units), money)
    return table


def checks_table(checks: Iterable[Mapping[str, Any]]) -> Table:
    """permission-check's lines with the way out of each that is not a pass."""
    table = _table("permission-check")
    table.add_column("", no_wrap=True)
    table.add_column("Check", max_width=30)
    table.add_column("What was found", overflow="fold")
    for check in checks:
        told = check["message"] if check["status"] == "pass" else _with_fix(check)
        status = _coloured(check["status"], _MARKS.get(check["status"]))
        table.add_row(status, check["check"], told)
    return table


def outcomes(run: Run) -> str:
    """`41 updated, 5 held, …`, the most frequent first."""
    return ", ".join(f"{count} {name}" for name, count in Counter(run.outcomes).most_common())


def by_size(rows: Iterable[Row]) -> list[Row]:
    """Largest money first, whichever way it goes."""
    return sorted(rows, key=lambda row: abs(row.money or Decimal(0)), reverse=True)


def _table(title: str) -> Table:
    table = Table(title=f"\n{title}", title_style="bold", title_justify="left")
    table.box, table.pad_edge = box.SIMPLE_HEAD, False
    return table


def _with_fix(check: Mapping[str, Any]) -> str:
    details = (f"- {each}" for each in check["details"])
    return "\n".join(filter(None, (check["message"], *details, check["fix"])))


def _coloured(text: str, colour: str | None) -> str:
    return f"[{colour}]{text}[/]" if colour else text


def _quantity(row: Row) -> str:
    if row.before is None or row.target is None:
        return "none"
    before, target = (format(each.normalize(), "f") for each in (row.before, row.target))
    return before if before == target else f"{before} → {target}"


def _money(money: Decimal | None) -> str:
    return "" if money is None else f"{money:+,.2f}"
