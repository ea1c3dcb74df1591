"""Asking before something is written; `--yes` answers without a terminal."""

import click

from tools.operator.errors import Refused, Unanswered


class Declined(Refused):
    """Somebody said no."""


def agree(question: str, *, yes: bool) -> None:
    """Go on when somebody says yes; raises `Declined` at no, `Unanswered` without an answer."""
    if yes:
        return
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:
        click.echo(err=True)
        raise Unanswered(
            "no answer; no changes made. Use --yes to run non-interactively."
        ) from None
    if not agreed:
        raise Declined("not confirmed; no changes made.")


def needs_yes(*, as_json: bool, yes: bool) -> None:
    """Raises `Unanswered` for `--json` without `--yes`: it shows nothing to agree to."""
    if as_json and not yes:
        raise Unanswered("--json shows nothing to agree to; give --yes with it.")
