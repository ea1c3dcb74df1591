"""Questions, each with the option that answers it where there is no terminal."""

from collections.abc import Callable
from typing import TypeVar

import click

from tools.operator.errors import Unanswered

Answer = TypeVar("Answer")


def prompted(text: str, understood: Callable[[str], Answer], *, option: str) -> Answer:
    """The answer, asked again until it is understood; at the end of input `option` is named."""
    try:
        answer: Answer = click.prompt(text, value_proc=understood, err=True)
    except click.Abort:
        click.echo(err=True)
        raise Unanswered(f"nobody answers '{text}'. Give {option}") from None
    return answer
