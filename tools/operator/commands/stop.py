"""`billing-sync stop`: nothing more is written."""

import click

from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.following import followed, print_run
from tools.operator.runs.options import of_run
from tools.operator.runs.requesting import request
from tools.operator.stack import Stack


@click.command()
@of_run(required=True)
@as_json
@of_a_stack
def stop(*, stack: Stack, run_id: str, as_json: bool) -> None:
    """End RUN: nothing more is written; what was written stays.

    Does not ask. A quantity that may just have been written is looked at after two minutes, so
    that the run can report what became of it. What it did not reach is held.

    \b
    Example:
      billing-sync stop 000012-sync
    """
    print_run(followed(stack, request(stack, "stop", run_id=run_id)), as_json=as_json)
