"""`billing-sync show`: one run."""

import click

from tools.operator.answer import print_answer
from tools.operator.errors import Refused
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.following import print_run
from tools.operator.runs.options import every_row, of_run
from tools.operator.runs.reader import RunBook
from tools.operator.runs.rows_view import show_company
from tools.operator.stack import Stack
from tools.operator.terminal import terminal


@click.command()
@of_run(required=False)
@click.option(
    "--company",
    "company_id",
    type=click.IntRange(min=1),
    metavar="ID",
    help="Only this ConnectWise company's rows, in full.",
)
@every_row
@as_json
@of_a_stack
def show(
    *, stack: Stack, run_id: str | None, company_id: int | None, every_row: bool, as_json: bool
) -> None:
    """Show what RUN did, or is doing (default: the latest run).

    With --company: how each of its quantities came about, where it is billed, who mapped it, and
    why it was held or blocked.

    \b
    Example:
      billing-sync show 000012-sync --company 250
    """
    book = RunBook.of(stack)
    answer = book.document(book.run(run_id))
    if company_id is None:
        print_run(answer, as_json=as_json, every_row=every_row)
        return
    rows = [row for row in answer["rows"] if row["company_id"] == company_id]
    if not rows:
        raise Refused(f"company {company_id} has no row in run {answer['run_id']}")
    if as_json:
        print_answer({"run_id": answer["run_id"], "rows": rows})
        return
    console = terminal()
    console.print(f"Run {answer['run_id']}: {answer['result']}", markup=False)
    show_company(console, rows)
