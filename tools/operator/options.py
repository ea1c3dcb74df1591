"""What every command takes: which stack, where it is, which companies."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from tools.operator.stack import find_stack

FOLDER = Path(__file__).resolve().parents[2] / "build"  # where `make sandbox` leaves word
Command = TypeVar("Command", bound=Callable[..., Any])


class CompanyIds(click.ParamType[list[int]]):
    """`250,251`: ConnectWise company ids, as a list of numbers."""

    name = "ids"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[int]:
        """The ids, each once; fails naming the one that is none."""
        found: list[int] = []
        for each in str(value).split(","):
            text = each.strip()
            if not (text.isascii() and text.isdecimal() and int(text) > 0):
                self.fail(
                    f"'{text}' is no ConnectWise company id. Give whole numbers with commas, as in"
                    " --companies 250,251",
                    param,
                    ctx,
                )
            found.append(int(text))
        return sorted(set(found))


def of_a_stack(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--stack`, `--region` and `--sandbox`; the command is given the `stack` they name.

    What AWS or the stack refuses ends the command in words, with its exit status.
    """

    @wraps(command)
    def asking(*, stack: str, region: str | None, sandbox: str | None, **given: object) -> object:
        found = find_stack(stack, region=region, sandbox=sandbox)
        with found.trouble():
            return command(stack=found, **given)

    return _options(asking)


def as_json(command: Command) -> Command:
    """Adds `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")(
        command
    )


def _options(command: Command) -> Command:
    for option in (
        click.option(
            "--sandbox",
            is_flag=False,
            flag_value=str(FOLDER),
            metavar="[FOLDER]",
            help="Ask the sandbox that runs on this machine.",
        ),
        click.option("--region", metavar="NAME", help="AWS region, where your profile has none."),
        click.option(
            "--stack",
            default="BillingSync",
            show_default=True,
            metavar="NAME",
            help="Name of the deployed stack.",
        ),
    ):
        command = option(command)
    return command


def credential_source(command: Command) -> Command:
    """Adds `--file` and `--from-environment`: sources of keys other than prompts."""
    for option in (
        click.option(
            "--from-environment",
            is_flag=True,
            help="Read HUNTRESS_API_KEY, CONNECTWISE_SITE and so on.",
        ),
        click.option(
            "--file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Read a JSON file: the secret's keys, or both vendors' under their names.",
        ),
    ):
        command = option(command)
    return command
