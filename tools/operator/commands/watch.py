"""`billing-sync watch`: a run while it goes on."""

import time

import click

from tools.operator.errors import Interrupted
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.following import LOOK_EVERY, end, followed_run, print_run
from tools.operator.runs.live import Live
from tools.operator.runs.options import every_row, of_run
from tools.operator.runs.reader import RunBook
from tools.operator.stack import Stack

NEWEST = 10


@click.command()
@of_run(required=False)
@every_row
@as_json
@of_a_stack
def watch(*, stack: Stack, run_id: str | None, every_row: bool, as_json: bool) -> None:
    """Follow RUN until it is closed, then show it.

    Without RUN: the run in progress, whoever started it, or the next one that starts. Ends with
    the exit status that the run deserves. Ctrl-C ends the watching and not the run.

    \b
    Example:
      billing-sync watch
    """
    book = RunBook.of(stack)
    answer = followed_run(book, book.run(run_id).id if run_id else _in_progress(book))
    print_run(answer, as_json=as_json, every_row=every_row)
    end(answer)


def _in_progress(book: RunBook) -> str:
    """The oldest run that is open; waits for one where there is none."""
    try:
        with Live("waiting for a run to start"):
            while True:
                going_on = [run.id for run in book.runs.newest(NEWEST) if run.open]
                if going_on:
                    return going_on[-1]
                time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        raise Interrupted("no run started meanwhile.") from None
