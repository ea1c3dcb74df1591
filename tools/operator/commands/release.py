"""`billing-sync release`: what a guard held, or a preview planned, is written as it was shown."""

from collections.abc import Sequence
from typing import Any

import click

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.report.document import row_document
from billing_sync.domain.runs.run import Verdict
from billing_sync.domain.wording import counted
from tools.operator.asking import Declined, agree, needs_yes
from tools.operator.errors import Refused, Unanswered
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.following import carry_out, end, followed, print_run
from tools.operator.runs.options import of_companies, of_run, unasked
from tools.operator.runs.reader import RunBook, RunDocument
from tools.operator.runs.requesting import request
from tools.operator.runs.written_view import show_planned_writes
from tools.operator.stack import Stack
from tools.operator.terminal import terminal

ENDING = [Reason.ENDS_BEFORE_INVOICE.value]


@click.command()
@of_run(required=True)
@of_companies
@click.option("--hash", "reviewed", metavar="HASH", help="Only the plan with this hash.")
@click.option(
    "--reason",
    type=click.Choice(ENDING),
    help="Only rows held for this reason; others are left out.",
)
@unasked
@as_json
@of_a_stack
def release(
    *,
    stack: Stack,
    run_id: str,
    companies: list[int] | None,
    reviewed: str | None,
    reason: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Write the held rows of RUN, or all planned rows of a preview.

    Shows the rows first and asks. Exactly what was shown is written: the release carries the hash
    of that plan and is refused if the plan is another one by then. Rows that end before the
    agreement's next invoice are asked about separately, in a second step. A script that reviewed
    the plan by itself gives its hash ('plan_hash' of 'show --json') with --yes.

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
    run = book.run(run_id)
    reasons = [reason] if reason else []
    rows, shown = book.to_release(run, companies, reasons=reasons)
    ending = [] if reason or yes else book.to_release(run, companies, reasons=ENDING)[0]
    if reviewed and reviewed != shown:
        raise Refused(f"--hash is '{reviewed}', but the plan of run {run_id} is {shown}.")
    event = request(stack, "release", companies=companies, run_id=run_id, plan_hash=shown)
    if yes:
        carry_out(stack, _for(event, reasons), as_json=as_json)
    if not rows and not ending:
        raise Refused(
            f"run {run_id} has no row to release in that choice: nothing is held, or it was"
            f" released. 'billing-sync show {run_id}' shows why."
        )
    answers = []
    if rows:
        answers.append(_asked(stack, _for(event, reasons), rows))
    if ending:
        answers += _asked_apart(stack, _for(event, ENDING), ending, alone=not rows)
    end(next((a for a in answers if a["verdict"] != Verdict.COMPLETE), answers[0]))


def _for(event: dict[str, Any], reasons: list[str]) -> dict[str, Any]:
    return {**event, "reasons": reasons} if reasons else event


def _asked(stack: Stack, event: dict[str, Any], rows: Sequence[RowState]) -> RunDocument:
    """The run that releases these rows, once somebody agreed to them."""
    show_planned_writes(
        [row_document(state.row) for state in rows],
        title=f"To be released from run {event['run_id']}",
    )
    agree("Write this to ConnectWise?", yes=False)
    answer = followed(stack, event)
    print_run(answer, as_json=False)
    return answer


def _asked_apart(
    stack: Stack, event: dict[str, Any], rows: Sequence[RowState], *, alone: bool
) -> list[RunDocument]:
    """The run that releases additions which end first; a no leaves what was released before."""
    terminal().print(
        f"\nHeld because the addition ends on or before its agreement's next invoice:"
        f" {counted(len(rows), 'row')}. Release only if that invoice still bills what ends."
    )
    try:
        return [_asked(stack, event, rows)]
    except Declined:
        if alone:
            raise
        terminal().print("Not released. They stay held.")
        return []
