"""A run on a terminal: the fact, what was covered, the verdicts, the rows, what to do next."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from billing_sync.flows.report.message import STRAYS_IN_MESSAGE, audit_lines
from tools.operator.runs.forecast_view import show_forecast
from tools.operator.runs.next_steps import say_next
from tools.operator.runs.no_row_view import in_no_row
from tools.operator.runs.rows_view import many, rows_table, signed
from tools.operator.terminal import say, table

ROWS_SHOWN = 20
VERDICT_COLOURS = {"unbilled": "red", "changed in ConnectWise": "yellow"}


def show_run(console: Console, told: Mapping[str, Any], *, every_row: bool = False) -> None:
    """Print a run as its report tells it."""
    if "forecast" in told:
        show_forecast(console, told)
        return
    console.print(f"[bold]{escape(told['result'])}[/]")
    console.print(escape(_about(told)))
    say(console, "Not read", told["not_read"])
    say(console, "The whole run is held", told["held_because"])
    say(console, "Warnings", told["warnings"])
    _strays(console, told, every_row=every_row)
    say(console, "Not as written any more", told["changed_since"])
    if told["verdicts"]:
        console.print(verdicts_table(told["verdicts"]))
    if told["tie_out"]:
        console.print(tie_out_table(told["tie_out"]))
    say(console, "Against the invoice", told["against_the_invoice"])
    _rows(console, told, every_row=every_row)
    say(console, "Usage that is in no row", in_no_row(told["usage_in_no_row"]))
    say_next(console, told)


def verdicts_table(verdicts: Mapping[str, Mapping[str, Any]]) -> Table:
    """What a finance lead asks of every unit; what is paid and not billed first, if any."""
    made = table(
        "\nWhat the units came to, money a cycle",
        Verdict="left",
        Rows="right",
        Units="right",
        Money="right",
        Without_a_price="right",
    )
    for name, one in verdicts.items():
        once = ", once written" if one.get("once_written") else ""
        right = name == "billed correctly"
        colour = VERDICT_COLOURS.get(name, "") if one["findings"] else ""
        text = f"{name}{once}"
        made.add_row(
            f"[{colour}]{text}[/]" if colour else text,
            str(one["findings"]),
            str(one["units"]),
            "" if right or not one["findings"] else signed(one["money"]),
            str(one["units_without_price"] or ""),
        )
    return made


def tie_out_table(tie_out: Mapping[str, Mapping[str, int]]) -> Table:
    """A column for each product: what was counted, where it ended, and that it adds up."""
    made = table("\nWhere every unit ended", Units="left", **dict.fromkeys(tie_out, "right"))
    made.add_row("counted by Huntress", *(str(one["used"]) for one in tie_out.values()))
    made.add_section()
    ended = [
        {name: n for name, n in one.items() if name not in ("used", "unknown")}
        for one in tie_out.values()
    ]
    for place in sorted({place for one in ended for place in one}):
        made.add_row(place.replace("_", " "), *(str(one.get(place, 0)) for one in ended))
    made.add_section()
    made.add_row("sum", *(str(sum(one.values())) for one in ended))
    made.add_row("organizations unknown", *(str(one["unknown"]) for one in tie_out.values()))
    return made


def _about(told: Mapping[str, Any]) -> str:
    covered = f"{told['coverage']}, " if told["coverage"] else ""
    return (
        f"Run {told['run_id']}, {covered}asked for by {told['requested_by']}.\n"
        f"Invoice: {told['invoice']}"
    )


def _strays(console: Console, told: Mapping[str, Any], *, every_row: bool) -> None:
    """What is billed without usage stands before everything else, as in the message."""
    lines = audit_lines(dict(told), most=None if every_row else STRAYS_IN_MESSAGE)
    if lines:
        say(console, lines[1], [line.strip() for line in lines[2:]])


def _rows(console: Console, told: Mapping[str, Any], *, every_row: bool) -> None:
    moving = [row for row in told["rows"] if every_row or row["outcome"] != "unchanged"]
    shown = moving if every_row else moving[:ROWS_SHOWN]
    if shown:
        console.print(rows_table(shown, title="Rows, largest money first"))
    quiet = len(told["rows"]) - len(moving)
    hidden = len(moving) - len(shown)
    unchanged = f"Unchanged: {many(quiet, 'row')}. " if quiet else ""
    more = f"Not shown: {many(hidden, 'more row')}. " if hidden else ""
    if unchanged or more:
        console.print(f"{unchanged}{more}'--all' shows every row, 'show --company ID' the why.")
