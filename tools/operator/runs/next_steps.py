"""What to do next, as commands to paste instead of events of the Lambda console."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from tools.operator.options import FOLDER

PROGRAM = "billing-sync"
_DECODER = json.JSONDecoder()


def in_commands(text: str) -> str:
    """The text with each event of test-sync replaced by the command that sends it."""
    return "".join(_pieces(text))


def command(*words: str) -> str:
    """A whole command, for the stack that this one was given."""
    return shlex.join([PROGRAM, *words, *_same_stack()])


def print_next_steps(console: Console, run: Mapping[str, Any]) -> None:
    """What a person may or must do now; each command has a line of its own."""
    steps = run["next"]
    if run.get("status", "closed") != "closed":
        steps = [{"do": "Follow it with", "event": {"action": "watch", "run_id": run["run_id"]}}]
    if steps:
        console.print("\n[bold]Next[/]")
    for step in steps:
        console.print(escape(f"- {step['do']}"))
        if "event" in step:
            console.print(f"    {escape(_as_command(step['event']))}", soft_wrap=True)


def _pieces(text: str) -> Iterator[str]:
    """The text, cut at each event, and the event as a command; nothing empty."""
    while (start := text.find("{")) >= 0:
        try:
            event, end = _DECODER.raw_decode(text, start)
            pieces: tuple[str, ...] = (text[:start], _as_command(event))
        except (json.JSONDecodeError, KeyError):
            pieces, end = (text[: start + 1],), start + 1
        yield from filter(None, pieces)
        text = text[end:]
    if text:
        yield text


def _as_command(event: Mapping[str, Any]) -> str:
    """`by` and the plan's hash are left out: the command fills them in from what it shows."""
    if "invoice_id" in event:
        return command("invoice", str(event["invoice_id"]))
    words = [str(event["action"]) if event else "sync"]
    words += [str(event["run_id"])] if event.get("run_id") else []
    if event.get("companies"):
        words += ["--companies", ",".join(map(str, event["companies"]))]
    words += [word for reason in event.get("reasons", ()) for word in ("--reason", reason)]
    words += ["--preview"] if event.get("preview") else []
    return command(*words)


def _same_stack() -> list[str]:
    """`--stack`, `--region` and `--sandbox` as they were given to this command."""
    context = click.get_current_context(silent=True)
    if context is None:
        return []
    given = {name: context.params.get(name) for name in ("stack", "region", "sandbox")}
    default = click.core.ParameterSource.DEFAULT
    words = [
        word
        for name, value in given.items()
        if value is not None and context.get_parameter_source(name) is not default
        for word in (f"--{name}", str(value))
    ]
    return [word for word in words if word != str(FOLDER)]  # `--sandbox` alone means this one
