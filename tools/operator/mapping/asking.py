"""Questions to a person, for which every command also has an option."""

import click


def agreed(question: str, *, yes: bool, option: str = "--yes") -> bool:
    """Whether it is to be done; ends the command with status 2 where nobody can be asked."""
    answer = yes or confirmed(question)
    if answer is None:
        raise click.UsageError(
            f"nobody answered, and nothing was written. Without a terminal say {option}."
        )
    return answer


def confirmed(question: str) -> bool | None:
    """Yes or no; None where nobody answers."""
    try:
        return click.confirm(question)
    except click.Abort:
        click.echo()
        return None


def chosen(question: str, allowed: dict[str, str]) -> str:
    """One of the keys; their meanings are shown. "" where nobody answers any more."""
    shown = ", ".join(f"{key} {meaning}".strip() for key, meaning in allowed.items())
    try:
        while True:
            answer = str(click.prompt(f"{question} [{shown}]", default="", show_default=False))
            if answer.strip().casefold() in allowed:
                return answer.strip().casefold()
            click.echo(f"The answer is {answer!r}; say one of: {', '.join(allowed)}.")
    except click.Abort:
        click.echo()
        return ""


def worded(question: str) -> str:
    """A text; "" where there is none."""
    try:
        return str(click.prompt(question, default="", show_default=False)).strip()
    except click.Abort:
        click.echo()
        return ""
