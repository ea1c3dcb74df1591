"""How a command ends when it cannot do what was asked; each class has its exit status."""

import click


class Refused(click.ClickException):
    """The stack said no, or its run did not get through; the message is the stack's own."""

    exit_code = 1


class Unreachable(click.ClickException):
    """AWS cannot be reached, does not know these credentials, or has no such stack."""

    exit_code = 3


class Interrupted(click.ClickException):
    """Somebody stopped looking at something that goes on by itself."""

    exit_code = 130
