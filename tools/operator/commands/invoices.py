"""`billing-sync invoices` and `billing-sync invoice`: is an invoice done?"""

from datetime import UTC, datetime

import click

from billing_sync.domain.errors import Blocked
from billing_sync.domain.report.invoices import invoice_document, invoices_document
from tools.operator.answer import print_answer
from tools.operator.errors import Refused
from tools.operator.options import as_json, of_a_stack
from tools.operator.runs.invoice_view import invoices_table, show_invoice
from tools.operator.runs.reader import RunBook
from tools.operator.stack import Stack
from tools.operator.terminal import terminal


@click.command()
@click.option("--most", type=click.IntRange(1, 100), default=12, show_default=True, metavar="N")
@as_json
@of_a_stack
def invoices(*, stack: Stack, most: int, as_json: bool) -> None:
    """List the newest Huntress invoices, and whether each is done.

    \b
    Example:
      billing-sync invoices --most 3
    """
    answer = invoices_document(RunBook.of(stack).invoices.newest(most))
    if as_json:
        print_answer(answer)
    else:
        terminal().print(invoices_table(answer))


@click.command()
@click.argument("invoice_id", type=click.IntRange(min=1), metavar="INVOICE")
@as_json
@of_a_stack
def invoice(*, stack: Stack, invoice_id: int, as_json: bool) -> None:
    """Show whether INVOICE is done: its units, what waits for whom, and its runs.

    \b
    Example:
      billing-sync invoice 5003
    """
    try:
        found = RunBook.of(stack).invoices.one(invoice_id)
    except Blocked as unknown:
        raise Refused(
            f"INVOICE is {invoice_id}, and no such invoice was seen; 'billing-sync invoices' lists"
            " them"
        ) from unknown
    answer = invoice_document(found, now=datetime.now(UTC), most=None)
    if as_json:
        print_answer(answer)
    else:
        show_invoice(terminal(), answer)
