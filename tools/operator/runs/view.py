"""A run on a terminal: the fact, what was covered, the verdicts, the rows, what to do next."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from billing_sync.flows.report.message import STRAYS_IN_MESSAGE, audit_lines
from tools.operator.runs.forecast_view import show_forecast
from tools.operator.runs.next_steps import print_next_steps
from tools.operator.runs.no_row_view import in_no_row
from tools.operator.runs.rows_view import many, rows_table, signed_sums
from tools.operator.terminal import print_list, table

ROWS_SHOWN = 20
VERDICT_COLOURS = {"unbilled": "red", "changed in ConnectWise": "yellow"}


def show_run(console: Console, run: Mapping[str, Any], *, every_row: bool = False) -> None:
    """Print a run as in its report."""
    if "forecast" in run:
        show_forecast(console, run)
        return
    console.print(f"[bold]{escape(run['result'])}[/]")
    console.print(escape(_about(run)))
    print_list(console, "Not read", run["not_read"])
    print_list(console, "The whole run is held", run["held_because"])
    print_list(console, "Warnings", run["warnings"])
    _strays(console, run, every_row=every_row)
    print_list(console, "Not as written any more", run["changed_since"])
    if run["verdicts"]:
        console.print(verdicts_table(run["verdicts"]))
    if run["tie_out"]:
        console.print(tie_out_table(run["tie_out"]))
    print_list(console, "Against the invoice", run["against_the_invoice"])
    _rows(console, run, every_row=every_row)
    print_list(console, "Usage that is in no row", in_no_row(run["usage_in_no_row"]))
    console.print(f"\n{escape(run['prices'])}")
    print_next_steps(console, run)


def verdicts_table(verdicts: Mapping[str, Mapping[str, Any]]) -> Table:
    """The billing status of every unit; unbilled usage first, if any."""
    made = table(
        "\nWhat the units came to, money a cycle",
        Verdict="left",
        Rows="right",
        Units="right",
        Money="right",
        Without_a_price="right",
    )
    for name, verdict in verdicts.items():
        once = ", once written" if verdict.get("once_written") else ""
        right = name == "billed correctly"
        colour = VERDICT_COLOURS.get(name, "") if verdict["findings"] else ""
        text = f"{name}{once}"
        made.add_row(
            f"[{colour}]{text}[/]" if colour else text,
            str(verdict["findings"]),
            _known(verdict["units"], verdict["unknown"]),
            "" if right else signed_sums(verdict["money"]),
            str(verdict["units_without_price"] or ""),
        )
    return made


def tie_out_table(tie_out: Mapping[str, Mapping[str, int]]) -> Table:
    """A column for each product: what was counted, where it ended, and that it adds up."""
    made = table("\nWhere every unit ended", Units="left", **dict.fromkeys(tie_out, "right"))
    unknown = [product["unknown"] for product in tie_out.values()]
    used = (product["used"] for product in tie_out.values())
    made.add_row("counted by Huntress", *map(_known, used, unknown))
    made.add_section()
    ended = [
        {name: n for name, n in product.items() if name not in ("used", "unknown")}
        for product in tie_out.values()
    ]
    for place in sorted({place for counts in ended for place in counts}):
        made.add_row(place.replace("_", " "), *(str(counts.get(place, "")) for counts in ended))
    made.add_section()
    made.add_row("sum", *map(_known, (sum(counts.values()) for counts in ended), unknown))
    made.add_row("organizations unknown", *(str(number or "") for number in unknown))
    return made


def _known(units: int, unknown: int) -> str:
    """The units, `unknown` where none are known."""
    return "unknown" if unknown and not units else str(units)


def _about(run: Mapping[str, Any]) -> str:
    covered = f"{run['coverage']}, " if run["coverage"] else ""
    return (
        f"Run {run['run_id']}, {covered}asked for by {run['requested_by']}.\n"
        f"Invoice: {run['invoice']}"
    )


def _strays(console: Console, run: Mapping[str, Any], *, every_row: bool) -> None:
    """What is billed without usage comes first, as in the message."""
    lines = audit_lines(dict(run), most=None if every_row else STRAYS_IN_MESSAGE)
    if lines:
        print_list(console, lines[1], [line.strip() for line in lines[2:]])


def _rows(console: Console, run: Mapping[str, Any], *, every_row: bool) -> None:
    moving = [row for row in run["rows"] if every_row or row["outcome"] != "unchanged"]
    shown = moving if every_row else moving[:ROWS_SHOWN]
    if shown:
        console.print(rows_table(shown, title="Rows, largest money first"))
    quiet = len(run["rows"]) - len(moving)
    hidden = len(moving) - len(shown)
    unchanged = f"Unchanged: {many(quiet, 'row')}. " if quiet else ""
    more = f"Not shown: {many(hidden, 'more row')}. " if hidden else ""
    if unchanged or more:
        console.print(f"{unchanged}{more}'--all' shows every row, 'show --company ID' the why.")
