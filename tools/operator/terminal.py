"""Tables and sentences for a terminal, or for a pipe in which nothing may be cut off."""

from collections.abc import Iterable

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

WIDTH = 100


def terminal(*, aside: bool = False) -> Console:
    """Standard output: as wide as the terminal, 100 columns in a pipe.

    `aside` is standard error, for what is said beside an answer in JSON. Without emoji, for those
    are made of names and ARNs with colons in them.
    """
    console = Console(highlight=False, emoji=False, stderr=aside)
    if not console.is_terminal:
        console.width = WIDTH
    return console


def wrapped(text: str, *, of_a_terminal: bool) -> str:
    """The text in lines that no terminal cuts in the middle of a word; as it is in a pipe."""
    return click.wrap_text(text, width=WIDTH) if of_a_terminal else text


def table(title: str, **columns: str) -> Table:
    """A table; each column is `left`, `right` or `fold`, by its heading."""
    made = Table(title=escape(title), title_style="bold", title_justify="left")
    made.box, made.pad_edge, made.collapse_padding = box.SIMPLE_HEAD, False, True
    for name, kind in columns.items():
        made.add_column(
            name.replace("_", " "),
            justify="right" if kind == "right" else "left",
            no_wrap=kind != "fold",
            overflow="fold",
        )
    return made


def print_list(console: Console, title: str, sentences: Iterable[object]) -> None:
    """A list under its title; nothing when there is nothing to say."""
    lines = [str(each) for each in sentences]
    if lines:
        console.print(f"\n[bold]{escape(title)}[/]")
        for each in lines:
            console.print(f"- {escape(each)}")
