"""`billing-sync forecast`: what the next invoice would bring."""

import click

from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.following import carry_out
from tools.operator.runs.options import of_companies
from tools.operator.runs.requesting import request
from tools.operator.stack import Stack


@click.command()
@of_companies
@as_json
@of_a_stack
def forecast(*, stack: Stack, companies: list[int] | None, as_json: bool) -> None:
    """Compare usage now with the last invoice; write nothing.

    Shows per client the change in units and money, agents that do not respond and may be billed,
    and the day on which the next invoice is expected (inferred from past ones).

    \b
    Example:
      billing-sync forecast --companies 250,251
    """
    carry_out(stack, request(stack, "forecast", companies=companies), as_json=as_json)
