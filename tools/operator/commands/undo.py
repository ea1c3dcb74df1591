"""`billing-sync undo`: what a run wrote is reverted, after a review."""

import click

from tools.operator.asking import agree, needs_yes
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.following import carry_out, followed
from tools.operator.runs.options import of_companies, of_run, unasked
from tools.operator.runs.requesting import request
from tools.operator.runs.written_view import show_planned_writes
from tools.operator.stack import Stack


@click.command()
@of_run(required=True)
@of_companies
@click.option("--preview", is_flag=True, help="Only show what it would write.")
@unasked
@as_json
@of_a_stack
def undo(
    *,
    stack: Stack,
    run_id: str,
    companies: list[int] | None,
    preview: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Undo what RUN wrote, where it has not changed since.

    Makes a preview of the undo first, shows it and asks. Only quantities that still are what RUN
    wrote are touched; what somebody changed since keeps its value.

    \b
    Example:
      billing-sync undo 000012-sync --preview
    """
    event = request(stack, "undo", companies=companies, run_id=run_id)
    looking = {**event, "preview": True}
    if preview:
        carry_out(stack, looking, as_json=as_json, every_row=True)
    needs_yes(as_json=as_json, yes=yes)
    if not yes:
        answer = followed(stack, looking)
        show_planned_writes(
            answer["rows"], title=f"To be reverted to the values before run {run_id}"
        )
        agree("Write this to ConnectWise?", yes=yes)
    carry_out(stack, event, as_json=as_json)
