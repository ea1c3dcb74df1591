"""Asking for a run, following it to its end, and ending the command as the run ended."""

import sys
import time
from collections.abc import Mapping
from typing import Any

from billing_sync.domain.runs.run import Run, Verdict
from tools.operator.answer import print_answer
from tools.operator.errors import Interrupted, Refused
from tools.operator.runs.live import Live
from tools.operator.runs.next_steps import command, in_commands
from tools.operator.runs.progress import progress_of
from tools.operator.runs.reader import RunBook, RunDocument
from tools.operator.runs.view import show_run
from tools.operator.stack import Stack
from tools.operator.terminal import terminal

LOOK_EVERY = 1.0
GOT_THROUGH = {
    Verdict.COMPLETE: 0,
    Verdict.PREVIEWED: 0,
    Verdict.HELD: 4,
    Verdict.ATTENTION: 4,
}


def carry_out(
    stack: Stack, event: Mapping[str, Any], *, as_json: bool, every_row: bool = False
) -> None:
    """Ask for this run, show it to its end, and end the command as it ended."""
    answer = followed(stack, event)
    print_run(answer, as_json=as_json, every_row=every_row)
    end(answer)


def followed(stack: Stack, event: Mapping[str, Any]) -> RunDocument:
    """The closed run that this event of test-sync asks for.

    Raises `Refused` with the stack's own words when nothing was done.
    """
    answer = stack.test_sync({**event, "wait": False})
    if "run_id" not in answer:
        raise Refused(in_commands(str(answer["result"])))
    run = followed_run(RunBook.of(stack), str(answer["run_id"]))
    if run["verdict"] == Verdict.REFUSED:
        raise Refused(in_commands(run["result"]))
    return run


def followed_run(book: RunBook, run_id: str) -> RunDocument:
    """The run once it is closed; its progress is shown meanwhile.

    Raises `Interrupted` where somebody stops looking; the run goes on.
    """
    try:
        with Live(run_id) as live:
            return book.document(_closed(book, run_id, live))
    except KeyboardInterrupt:
        raise Interrupted(
            f"run {run_id} goes on; {command('watch', run_id)} follows it,"
            f" {command('stop', run_id)} ends it."
        ) from None


def _closed(book: RunBook, run_id: str, live: Live) -> Run:
    run = book.run(run_id)
    while run.open:
        began = time.monotonic()
        live.show(progress_of(run, book.runs))
        # A look at a run of thousands of companies takes seconds; it should not be all we do.
        time.sleep(max(LOOK_EVERY, 3 * (time.monotonic() - began)))
        run = book.run(run_id)
    return run


def print_run(run: RunDocument, *, as_json: bool, every_row: bool = False) -> None:
    """Print a run for people, or whole for programs."""
    if as_json:
        print_answer(run)
    else:
        show_run(terminal(), run, every_row=every_row)


def end(run: Mapping[str, Any]) -> None:
    """End the command with the status that the run deserves: see `billing-sync --help`."""
    sys.exit(GOT_THROUGH.get(run["verdict"], 1))
