"""`billing-sync decline`: rows that wait for a person stay as they are."""

from collections.abc import Mapping
from typing import Any

import click

from billing_sync.domain.wording import PRICES
from tools.operator.answer import print_answer
from tools.operator.errors import Refused
from tools.operator.options import CompanyIds, as_json, of_a_stack
from tools.operator.runs.next_steps import in_commands, print_next_steps
from tools.operator.runs.options import of_run
from tools.operator.runs.requesting import request
from tools.operator.runs.rows_view import rows_table
from tools.operator.stack import Stack
from tools.operator.terminal import terminal


@click.command()
@of_run(required=True)
@click.option(
    "--companies",
    type=CompanyIds(),
    required=True,
    help="The ConnectWise companies whose held and blocked rows stay as they are: 250,251",
)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept with your name.")
@as_json
@of_a_stack
def decline(*, stack: Stack, run_id: str, companies: list[int], reason: str, as_json: bool) -> None:
    """Leave held and blocked rows of RUN as they are.

    Nothing is written to ConnectWise. The units are accepted as is: the rows are not offered for
    release any more, and reminders about them end. Does not ask. The next sync plans them again.

    \b
    Example:
      billing-sync decline 000012-sync --companies 250 --reason "two agents are our own"
    """
    event = request(stack, "decline", companies=companies, run_id=run_id, reason=reason)
    answer = stack.test_sync(event)
    if "declined_in" not in answer:
        raise Refused(in_commands(str(answer["result"])))
    if as_json:
        print_answer(answer)
    else:
        _show(answer)


def _show(answer: Mapping[str, Any]) -> None:
    console = terminal()
    console.print(answer["result"], markup=False, highlight=False)
    console.print(rows_table(answer["rows"], title="Accepted as is"))
    console.print(PRICES)
    console.print(f"\nReason, by {answer['by']}: {answer['reason']}", markup=False)
    print_next_steps(console, answer)
