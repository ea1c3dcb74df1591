"""`billing-sync usage`: an invoice's counts, and a person's file that makes them exact."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from billing_sync.adapters.ledger.imports import LedgerImports
from billing_sync.adapters.ledger.invoices import LedgerInvoices
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.usage import LedgerUsage
from billing_sync.flows.invoices.import_usage import Importing
from tools.operator.answer import print_answer
from tools.operator.asking import needs_yes
from tools.operator.config_book import ConfigBook
from tools.operator.options import as_json, of_a_stack
from tools.operator.stack import Stack
from tools.operator.terminal import terminal
from tools.operator.usage_file.columns import Columns, ColumnsType
from tools.operator.usage_file.document import read_document
from tools.operator.usage_file.import_file import FileImport
from tools.operator.usage_file.matching import MatchType
from tools.operator.usage_file.show import show_usage, usage_as_json


@click.group()
def usage() -> None:
    """The counts of an invoice: look at them, or import them from Huntress's own report.

    \b
    Example:
      billing-sync usage show 5003
    """


@usage.command("show")
@click.argument("invoice")
@as_json
@of_a_stack
def show(*, stack: Stack, invoice: str, as_json: bool) -> None:
    """Show each count of INVOICE, its source and when it was read, and every version.

    \b
    Example:
      billing-sync usage show 5003
    """
    importing = _importing(stack)
    record = importing.invoice(invoice)
    answer = usage_as_json(
        record,
        usage=importing.usage.of(record.key),
        frozen=importing.usage.of(record.key, version=0),
        versions=importing.imports.all(record.key),
    )
    if as_json:
        print_answer(answer)
    else:
        show_usage(terminal(), answer)


@usage.command("import")
@click.argument("invoice")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--columns", type=ColumnsType(), help="What the columns are; remembered.")
@click.option("--match", multiple=True, type=MatchType(), help="NAME=ID, for a name of the file.")
@click.option("--skip", multiple=True, metavar="NAME", help="Leave out the lines of this name.")
@click.option("--yes", is_flag=True, help="Ask nothing: store it, or refuse.")
@as_json
@of_a_stack
def import_(
    *,
    stack: Stack,
    invoice: str,
    file: Path,
    columns: Columns | None,
    match: Sequence[tuple[str, int]],
    skip: Sequence[str],
    yes: bool,
    as_json: bool,
) -> None:
    """Make the counts in FILE the exact usage of INVOICE.

    FILE is your copy of Huntress's Billing Detail Report as CSV, one line an organization. Shows
    what changes and asks before it stores. No quantity changes until the next run.

    \b
    Example:
      billing-sync usage import 5003 report.csv --columns "Organization Name=organization,EDR=edr"
    """
    needs_yes(as_json=as_json, yes=yes)
    importing = _importing(stack)
    FileImport(
        importing,
        ConfigBook(stack.table("ConfigTable"), by=stack.caller()),
        by=stack.caller(),
        yes=yes,
        as_json=as_json,
    ).run(
        importing.invoice(invoice),
        read_document(file),
        columns=columns,
        match=dict(match),
        skip=skip,
    )


def _importing(stack: Stack) -> Importing:
    ledger = stack.table("LedgerTable")
    return Importing(
        LedgerInvoices(ledger),
        LedgerRuns(ledger),
        LedgerUsage(ledger),
        LedgerImports(ledger),
        clock=lambda: datetime.now(UTC),
    )
