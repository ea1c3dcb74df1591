"""What the commands around runs take."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from tools.operator.options import CompanyIds

Command = TypeVar("Command", bound=Callable[..., Any])

of_companies = click.option(
    "--companies", type=CompanyIds(), help="Only these ConnectWise companies: 250,251"
)
every_row = click.option(
    "--all", "every_row", is_flag=True, help="Every row, unchanged ones included."
)
unasked = click.option("--yes", is_flag=True, help="Do not ask.")


class RunName(click.ParamType[str]):
    """`000012-sync`."""

    name = "run"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The id as it is; fails on what can be none."""
        text = str(value).strip()
        if not re.fullmatch(r"\d{6,}-[a-z]+", text):
            self.fail(
                f"'{text}' is no run id. They look like 000012-sync; 'billing-sync runs' lists"
                " them.",
                param,
                ctx,
            )
        return text


def of_run(*, required: bool) -> Callable[[Command], Command]:
    """Adds the argument RUN; where it is not required the command takes the newest."""
    metavar = "RUN" if required else "[RUN]"
    return click.argument("run_id", metavar=metavar, type=RunName(), required=required)
