"""`billing-sync preview`: the plan, and nothing written."""

import click

from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.following import carry_out
from tools.operator.runs.options import every_row, of_companies
from tools.operator.runs.requesting import request
from tools.operator.stack import Stack


@click.command()
@of_companies
@every_row
@as_json
@of_a_stack
def preview(*, stack: Stack, companies: list[int] | None, every_row: bool, as_json: bool) -> None:
    """Plan the last invoice, and write nothing.

    Shows what a sync would write, hold and block, and proves where every unit of usage ends.
    Works while sync is off. 'billing-sync release RUN' writes a plan that was previewed.

    \b
    Example:
      billing-sync preview --companies 250,251
    """
    event = request(stack, "preview", companies=companies)
    carry_out(stack, event, as_json=as_json, every_row=every_row)
