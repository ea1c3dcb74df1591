"""An invoice on a terminal: done or open, its units by billing status, what waits, its runs."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.operator.runs.next_steps import print_next_steps
from tools.operator.runs.rows_view import coloured, signed, signed_sums
from tools.operator.terminal import print_list, table

WAITING_SHOWN = 20
STATE_COLOURS = {"done": "green", "open": "yellow", "voided": "red"}
STATUS_COLOURS = {
    "unbilled": "red",
    "not charged": "red",
    "changed in ConnectWise": "yellow",
    "needs review": "yellow",
    "billed correctly": "green",
}


def invoices_table(answer: Mapping[str, Any]) -> Table:
    """Newest first, a line each."""
    made = table(
        str(answer["result"]).capitalize(),
        Invoice="left",
        Date="left",
        State="left",
        Units="right",
        Unknown="right",
        Review="right",
        Plan="fold",
    )
    for invoice in answer["invoices"]:
        made.add_row(
            str(invoice["invoice_id"]),
            invoice["created_at"][:10],
            coloured(invoice["state"], STATE_COLOURS),
            str(invoice["units"]),
            str(invoice["unknown"] or ""),
            str(invoice["to_review"] or ""),
            escape(invoice["plan"]),
        )
    return made


def show_invoice(console: Console, invoice: Mapping[str, Any]) -> None:
    """Print one invoice with its statement."""
    console.print(f"[bold]{escape(invoice['result'])}[/]")
    console.print(
        f"Huntress invoice {invoice['invoice_id']} of {invoice['created_at'][:10]}"
        f" ({invoice['plan']}), usage read {invoice['read_at'] or 'not yet'}.",
        markup=False,
    )
    if invoice["usage"]:
        console.print(_usage(invoice["usage"], invoice["statuses"]))
    shown = invoice["waits_for"][:WAITING_SHOWN]
    print_list(console, "To review, largest money first", map(_finding, shown))
    more = len(invoice["waits_for"]) - len(shown)
    if more:
        console.print(f"And {more} more; '--json' has all of them.")
    console.print(escape(invoice["prices"]))
    if invoice["runs"]:
        console.print(_runs(invoice["runs"]))
    print_next_steps(console, invoice)


def _usage(usage: Mapping[str, Any], statuses: Mapping[str, Any]) -> Table:
    """A column for each product, a line for each billing status, and that they add up."""
    columns = {**dict.fromkeys(usage, "right"), "Money_a_cycle": "right"}
    made = table("\nUsage reconciliation", Units="left", **columns)
    made.add_row("counted by Huntress", *(str(sums["used"]) for sums in usage.values()), "")
    made.add_section()
    for name, status in statuses.items():
        units = [str(status["by_product"].get(product, 0)) for product in usage]
        money = "" if name == "billed correctly" else signed_sums(status["money"])
        made.add_row(coloured(name, STATUS_COLOURS), *units, money)
    unknown = [str(sums["unknown"]) for sums in usage.values()]
    if any(count != "0" for count in unknown):
        made.add_section()
        made.add_row("organizations unknown", *unknown, "")
    return made


def _finding(finding: Mapping[str, Any]) -> str:
    units = (
        "unknown" if finding["unknown"] and not finding["units"] else f"{finding['units']} units"
    )
    money = signed(finding["money"], finding["currency"])
    money = f", {money} a cycle" if money else ""
    name = f"{finding['who']}, {finding['products']}: {finding['status']}, {units}{money}"
    return f"{name}: {finding['message']}"


def _runs(runs: list[Mapping[str, Any]]) -> Table:
    made = table("\nRuns over this invoice", Run="left", Closed="left", By="fold", Result="fold")
    for run in runs:
        made.add_row(
            run["run_id"],
            run["closed_at"][:16],
            escape(run["requested_by"]),
            escape(run["result"]),
        )
    return made
