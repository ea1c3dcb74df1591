"""`billing-sync release`: what a guard held, or a preview planned, is written as it was shown."""

from collections.abc import Sequence

import click

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.report.document import row_document
from tools.operator.asking import agree, needs_yes
from tools.operator.errors import Refused, Unanswered
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.following import carry_out
from tools.operator.runs.options import of_companies, of_run, unasked
from tools.operator.runs.reader import RunBook
from tools.operator.runs.requesting import request
from tools.operator.runs.written_view import show_planned_writes
from tools.operator.stack import Stack


@click.command()
@of_run(required=True)
@of_companies
@click.option("--hash", "reviewed", metavar="HASH", help="Only the plan with this hash.")
@unasked
@as_json
@of_a_stack
def release(
    *,
    stack: Stack,
    run_id: str,
    companies: list[int] | None,
    reviewed: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Write the held rows of RUN, or all planned rows of a preview.

    Shows the rows first and asks. Exactly what was shown is written: the release carries the hash
    of that plan and is refused if the plan is another one by then. A script that reviewed the plan
    by itself gives its hash ('plan_hash' of 'show --json') with --yes.

    \b
    Example:
      billing-sync release 000012-sync --companies 250
    """
    needs_yes(as_json=as_json, yes=yes)
    if yes and not reviewed:
        raise Unanswered(
            "--yes releases nothing that nobody looked at; give the hash of the plan that was"
            f" reviewed with --hash ('plan_hash' of 'billing-sync show {run_id} --json')."
        )
    book = RunBook.of(stack)
    rows, shown = book.to_release(book.run(run_id), companies)
    if reviewed and reviewed != shown:
        raise Refused(f"--hash is '{reviewed}', but the plan of run {run_id} is {shown}.")
    if not yes:
        _show(rows, run_id=run_id)
        agree("Write this to ConnectWise?", yes=yes)
    event = request(stack, "release", companies=companies, run_id=run_id, plan_hash=shown)
    carry_out(stack, event, as_json=as_json)


def _show(rows: Sequence[RowState], *, run_id: str) -> None:
    if not rows:
        raise Refused(
            f"run {run_id} has no row to release in that choice: nothing is held, or it was"
            f" released. 'billing-sync show {run_id}' shows why."
        )
    show_planned_writes(
        [row_document(state.row) for state in rows], title=f"To be released from run {run_id}"
    )
