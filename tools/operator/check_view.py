"""permission-check's lines on a terminal: what failed first, each with its way out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from tools.operator.terminal import print_list, table

COLOURS = {"fail": "red", "could not verify": "magenta", "warn": "yellow", "pass": "green"}


def show_checks(console: Console, answer: Mapping[str, Any]) -> None:
    """Print all lines and the summary."""
    show_lines(console, answer["checks"], title="What permission-check found")
    print_list(console, "Worse than at the last check", answer["worse"])
    colour = "green" if answer["result"].startswith("READY") else "red"
    console.print(f"\n[bold {colour}]{escape(answer['result'])}[/]")


def show_lines(console: Console, lines: Iterable[Mapping[str, Any]], *, title: str = "") -> None:
    """Print a line for each of these checks."""
    made = table(title, Status="left", Check="fold")
    for line in sorted(lines, key=lambda line: list(COLOURS).index(line["status"])):
        status = f"[{COLOURS[line['status']]}]{line['status']}[/]"
        made.add_row(status, "\n".join(_found(line)))
    console.print(made)


def _found(line: Mapping[str, Any]) -> Iterator[str]:
    yield f"[bold]{escape(line['check'])}[/]: {escape(line['message'])}"
    for each in line["details"]:
        yield escape(f"- {each}")
    if line["fix"] and line["status"] != "pass":
        yield f"→ {escape(line['fix'])}"
