"""Questions about one organization after the other; each may be left unanswered."""

import click

from tools.operator.errors import Interrupted


def confirmed(question: str) -> bool | None:
    """Yes or no; None at the end of input."""
    try:
        return click.confirm(question, err=True)
    except click.Abort as end:
        _silence(end)
        return None


def chosen(question: str, allowed: dict[str, str]) -> str:
    """One of the keys; their meanings are shown. "" at the end of input."""
    shown = ", ".join(f"{key} {meaning}".strip() for key, meaning in allowed.items())
    try:
        while True:
            answer = str(
                click.prompt(f"{question} [{shown}]", default="", show_default=False, err=True)
            )
            if answer.strip().casefold() in allowed:
                return answer.strip().casefold()
            click.echo(f"The answer is {answer!r}; say one of: {', '.join(allowed)}.", err=True)
    except click.Abort as end:
        _silence(end)
        return ""


def worded(question: str) -> str:
    """A text; "" where there is none."""
    try:
        return str(click.prompt(question, default="", show_default=False, err=True)).strip()
    except click.Abort as end:
        _silence(end)
        return ""


def _silence(end: click.Abort) -> None:
    """End the question at the end of input; Ctrl-C ends the command."""
    click.echo(err=True)
    if isinstance(end.__context__, KeyboardInterrupt):
        raise Interrupted(
            "stopped. What was accepted is written; `billing-sync mappings suggest` goes on."
        ) from None
