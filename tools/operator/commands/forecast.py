"""`billing-sync forecast`: what the next invoice would bring."""

import json
from typing import Any

import click

from tools.operator.following import end, followed
from tools.operator.forecast_view import show_forecast
from tools.operator.options import CompanyIds, of_a_stack
from tools.operator.stack import find_stack
from tools.operator.terminal import terminal


@click.command()
@click.option("--companies", type=CompanyIds(), help="Only these ConnectWise companies: 250,251")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
@of_a_stack
def forecast(
    *,
    companies: list[int] | None,
    as_json: bool,
    stack: str,
    region: str | None,
    sandbox: str | None,
) -> None:
    """Compare usage now with the last invoice; write nothing.

    Shows per client the change in units and money, agents that do not respond and may be billed,
    and the day on which the next invoice is expected (inferred from past ones).
    """
    found = find_stack(stack, region=region, sandbox=sandbox)
    event: dict[str, Any] = {"action": "forecast", "by": found.caller()}
    if companies:
        event["companies"] = companies
    told = followed(found, event)
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        show_forecast(terminal(), told)
    end(told)
