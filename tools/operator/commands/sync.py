"""`billing-sync sync`: the last invoice's values, once more."""

import click

from tools.operator.asking import agree, needs_yes
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.following import carry_out
from tools.operator.runs.options import every_row, of_companies, unasked
from tools.operator.runs.requesting import request
from tools.operator.stack import Stack


@click.command()
@of_companies
@every_row
@unasked
@as_json
@of_a_stack
def sync(
    *, stack: Stack, companies: list[int] | None, every_row: bool, yes: bool, as_json: bool
) -> None:
    """Bill the last invoice's values now.

    Invoices start their runs by themselves; this is for after you fixed something. What is right
    already stays as it is, and the guards hold what looks wrong. Nothing is written while sync is
    off.

    \b
    Example:
      billing-sync sync --companies 250
    """
    needs_yes(as_json=as_json, yes=yes)
    companies_named = (
        f"companies {', '.join(map(str, companies))}" if companies else "every company"
    )
    agree(f"Plan the last invoice for {companies_named} and write what no guard holds?", yes=yes)
    event = request(stack, "sync", companies=companies)
    carry_out(stack, event, as_json=as_json, every_row=every_row)
