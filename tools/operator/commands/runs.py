"""`billing-sync runs`: the newest runs."""

import click

from tools.operator.answer import print_answer
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.list_view import runs_table, summary
from tools.operator.runs.reader import RunBook
from tools.operator.stack import Stack
from tools.operator.terminal import terminal


@click.command()
@click.option("--most", type=click.IntRange(1, 500), default=20, show_default=True, metavar="N")
@as_json
@of_a_stack
def runs(*, stack: Stack, most: int, as_json: bool) -> None:
    """List the newest runs.

    \b
    Example:
      billing-sync runs --most 5
    """
    book = RunBook.of(stack)
    newest = book.runs.newest(most)
    waiting = {run.id: book.waiting(run) for run in newest}
    if as_json:
        print_answer({"runs": [summary(run, waiting[run.id]) for run in newest]})
    elif newest:
        terminal().print(runs_table(newest, waiting))
    else:
        click.echo("There is no run yet. 'billing-sync preview' makes one that writes nothing.")
