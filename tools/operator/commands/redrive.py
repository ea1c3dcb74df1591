"""`billing-sync redrive`: companies that could not be applied are tried again."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from tools.operator.answer import print_answer
from tools.operator.asking import agree, needs_yes
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.dead_letters import DeadLetter, DeadLetters
from tools.operator.runs.options import unasked
from tools.operator.runs.reader import RunBook
from tools.operator.runs.rows_view import many
from tools.operator.stack import Stack
from tools.operator.terminal import table, terminal

NOT_OURS = "no message of ours: stays here; delete it in the SQS console"


@click.command()
@unasked
@as_json
@of_a_stack
def redrive(*, stack: Stack, yes: bool, as_json: bool) -> None:
    """Move messages of the dead-letter queue back into the company queue.

    Shows them first and asks. Each names a company of a run that could not be applied in all its
    deliveries: read the row first ('billing-sync show RUN --company ID'). This is always safe: a
    row that is done stays done, and a message of a closed run is only acknowledged; there
    'billing-sync sync --companies ID' brings the company up to date.

    \b
    Example:
      billing-sync redrive
    """
    needs_yes(as_json=as_json, yes=yes)
    letters = DeadLetters(stack)
    found = letters.look()
    became = _states(stack, found)
    if not as_json:
        _show(found, became)
    chosen = frozenset(letter.id for letter in found if letter.run_id)
    if chosen:
        agree(f"Move {many(len(chosen), 'message')} back into the company queue?", yes=yes)
    moved = [letter.id for letter in letters.move(chosen)] if chosen else []
    if as_json:
        print_answer({"messages": [_as_json(letter, became, moved) for letter in found]})
    elif chosen:
        click.echo(f"Moved: {len(moved)} of {many(len(chosen), 'message')}.")
        left = [letter for letter in letters.look() if letter.run_id]
        if left:
            click.echo(f"Still there: {many(len(left), 'message')}. Repeat the command.")


def _states(stack: Stack, letters: Sequence[DeadLetter]) -> dict[str, str]:
    """What became of each run that is named."""
    runs = RunBook.of(stack).runs
    named = {letter.run_id: runs.get(letter.run_id) for letter in letters if letter.run_id}
    open_words = "will be tried again"
    return {"": NOT_OURS} | {
        name: f"run is {run.status}: {open_words}"
        if run and run.open
        else "run is closed: will only be acknowledged"
        if run
        else "no such run: will come back here"
        for name, run in named.items()
    }


def _show(letters: Sequence[DeadLetter], became: dict[str, str]) -> None:
    if not letters:
        click.echo("The dead-letter queue is empty.")
        return
    terminal().print(_table(letters, became))


def _table(letters: Sequence[DeadLetter], became: dict[str, str]) -> Table:
    made = table(
        "Dead letters, times in UTC",
        Run="left",
        Company="right",
        Sent="left",
        Received="right",
        What_happens="fold",
    )
    for letter in letters:
        made.add_row(
            letter.run_id or escape(letter.body[:40]),
            str(letter.company_id or ""),
            f"{letter.sent_at:%Y-%m-%d %H:%M}",
            str(letter.received),
            became[letter.run_id],
        )
    return made


def _as_json(letter: DeadLetter, became: dict[str, str], moved: Sequence[str]) -> dict[str, Any]:
    document = {**asdict(letter), "sent_at": letter.sent_at.isoformat()}
    del document["receipt"]
    return {**document, "run": became[letter.run_id], "moved": letter.id in moved}
