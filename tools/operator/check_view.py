"""permission-check's lines on a terminal: the worst first, each with its way out."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.markup import escape

from tools.operator.terminal import table

_COLOURS = {"pass": "green", "warn": "yellow", "could not verify": "yellow", "fail": "red"}
_WORST_FIRST = ("fail", "could not verify", "warn", "pass")


def show_checks(console: Console, checks: Iterable[Mapping[str, str]]) -> None:
    """Print a line for each check."""
    made = table("", Status="left", Check="fold", What_was_found="fold")
    for each in sorted(checks, key=lambda one: _WORST_FIRST.index(one["status"])):
        colour = _COLOURS[each["status"]]
        told = escape(each["message"])
        if each["fix"]:
            told += f"\n[bold]{escape(each['fix'])}[/]"
        made.add_row(f"[{colour}]{each['status']}[/]", escape(each["check"]), told)
    console.print(made)
