"""`billing-sync mappings export` and `import`: all mappings in a file for a spreadsheet."""

import sys
from functools import partial
from pathlib import Path

import click

from tools.operator.answer import print_answer
from tools.operator.asking import agree, needs_yes
from tools.operator.config_book import ConfigBook
from tools.operator.errors import Refused
from tools.operator.mapping.importing import Import
from tools.operator.mapping.importing_view import import_as_json, show_import
from tools.operator.mapping.known_ids import KnownIds
from tools.operator.mapping.reading import file_lines
from tools.operator.mapping.sheet import rows, sheet
from tools.operator.mapping.table import MappingTable
from tools.operator.mapping.vendor_lists import additions, companies, organizations
from tools.operator.options import as_json, of_a_stack
from tools.operator.settings.choosing_items import item_problems
from tools.operator.stack import Stack
from tools.operator.terminal import terminal


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@of_a_stack
def export(*, stack: Stack, file: Path) -> None:
    """Write all mappings into a CSV file, or to standard output with -.

    Example: billing-sync mappings export mappings.csv
    """
    table = MappingTable.read(_book(stack))
    if table.wrong:
        lines = "\n".join(f"- {item.key}: {item.reason}" for item in table.wrong)
        raise Refused(
            f"nothing was exported, for these would be missing:\n{lines}\nFix them first."
        )
    content = sheet(table.lines.values())
    if str(file) == "-":
        click.echo(content, nl=False)
        return
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{file}: mappings written: {len(table.lines)}.")


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show, and write nothing.")
@as_json
@of_a_stack
def import_file(*, stack: Stack, file: Path, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Make the mappings as a CSV file says.

    Up to 100 changes are made all or none; more are all validated first, then made 100 at a time.
    A line that is older than the table is refused, and so is one with an organization, company,
    agreement, addition or catalog item that Huntress or ConnectWise does not have. Mappings that
    the file does not name stay.

    Example: billing-sync mappings import mappings.csv --dry-run
    """
    if str(file) == "-" and not (yes or dry_run):
        raise click.UsageError("the file is standard input, so nobody can answer: give --yes.")
    needs_yes(as_json=as_json, yes=yes or dry_run)
    lines = file_lines(rows(_content(file)))
    book, console = _book(stack), terminal(aside=as_json)
    found = Import.of(lines, MappingTable.read(book))
    if not found.nothing_to_do:
        known = KnownIds(
            organizations(stack),
            companies(stack),
            partial(item_problems, stack),
            partial(additions, stack),
        )
        known.check(found)
    show_import(console, found)
    written = not (dry_run or found.nothing_to_do)
    if written:
        agree(f"\nWrite this ({len(found.replacements)})?", yes=yes)
        found.write(book)
        console.print(f"Written: {len(found.replacements)}.")
    else:
        why = "dry run" if dry_run else "the table is as the file says"
        console.print(f"Nothing was written: {why}.")
    if as_json:
        answer = {**import_as_json(found), "written": written}
        print_answer(answer)


def _content(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from error


def _book(stack: Stack) -> ConfigBook:
    return ConfigBook(stack.table("ConfigTable"), by=stack.caller())
