"""`billing-sync forecast`: what the next invoice would bring."""

import json
from typing import Any

import click

from tools.operator.following import end, followed
from tools.operator.forecast_view import show_forecast
from tools.operator.options import CompanyIds, as_json, of_a_stack
from tools.operator.stack import Stack
from tools.operator.terminal import terminal


@click.command()
@click.option("--companies", type=CompanyIds(), help="Only these ConnectWise companies: 250,251")
@as_json
@of_a_stack
def forecast(*, stack: Stack, companies: list[int] | None, as_json: bool) -> None:
    """Compare usage now with the last invoice; write nothing.

    Shows per client the change in units and money, agents that do not respond and may be billed,
    and the day on which the next invoice is expected (inferred from past ones).
    """
    event: dict[str, Any] = {"action": "forecast", "by": stack.caller()}
    if companies:
        event["companies"] = companies
    told = followed(stack, event)
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        show_forecast(terminal(), told)
    end(told)
