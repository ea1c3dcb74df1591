"""How a command ends when it cannot do its task; each class has its exit status."""

import sys
from typing import IO, Any

import click

from tools.operator.terminal import wrapped


class _Ended(click.ClickException):
    """Shows its message wrapped at whole words."""

    def show(self, file: IO[Any] | None = None) -> None:
        """On standard error, unless another file is named."""
        out = file or sys.stderr
        text = f"Error: {self.format_message()}"
        click.echo(wrapped(text, of_a_terminal=out.isatty()), file=out)


class Refused(_Ended):
    """The stack refused, or its run did not succeed; the message is the stack's own."""

    exit_code = 1


class Unanswered(_Ended):
    """A question without an answer: the command line was not complete."""

    exit_code = 2


class Unreachable(_Ended):
    """AWS cannot be reached, does not know these credentials, or has no such stack."""

    exit_code = 3


class Interrupted(_Ended):
    """Somebody stopped looking at something that goes on by itself."""

    exit_code = 130
