"""`billing-sync mappings`: the company that each organization is billed to."""

import sys

import click
from rich.markup import escape

from tools.operator.answer import print_answer
from tools.operator.asking import agree
from tools.operator.commands.mappings_changed import (
    absent,
    exclude,
    not_billed,
    not_charged,
    pin,
    remove,
    set_mapping,
)
from tools.operator.commands.mappings_file import export, import_file
from tools.operator.config_book import ConfigBook
from tools.operator.mapping.health import Health, rename
from tools.operator.mapping.health_view import health_as_json, show_health
from tools.operator.mapping.offers import offers
from tools.operator.mapping.overview import Overview, State, overview
from tools.operator.mapping.overview_view import overview_as_json, show_overview
from tools.operator.mapping.suggesting import accept_suggestions
from tools.operator.mapping.suggesting_view import offers_as_json
from tools.operator.options import as_json, of_a_stack
from tools.operator.stack import Stack
from tools.operator.terminal import print_list, terminal

ONE_AT_A_TIME = (
    "billing-sync mappings set ORGANIZATION COMPANY",
    "billing-sync mappings exclude ORGANIZATION --reason WHY",
)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Show, and write nothing.")


@click.group()
def mappings() -> None:
    """Say which ConnectWise company each Huntress organization is billed to.

    Begin with: billing-sync mappings list
    """


@mappings.command("list")
@click.option(
    "--only", type=click.Choice([state.value for state in State]), multiple=True, help="Only these."
)
@as_json
@of_a_stack
def list_mappings(*, stack: Stack, only: tuple[str, ...], as_json: bool) -> None:
    """Every organization: unmapped, broken, mapped, excluded; the most money on top.

    Example: billing-sync mappings list --only unmapped
    """
    seen = overview(stack, _book(stack))
    states = [state for state in State if not only or state in only]
    if as_json:
        print_answer(overview_as_json(seen, states))
    else:
        show_overview(terminal(), seen, states)
    _end(seen)


@mappings.command()
@click.option("--accept-exact", is_flag=True, help="Only the exact ones; ask about no other.")
@click.option("--yes", is_flag=True, help="Accept the exact ones without asking.")
@DRY_RUN
@as_json
@of_a_stack
def suggest(*, stack: Stack, accept_exact: bool, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Suggest companies for unmapped organizations, and map those you accept.

    The exact ones are accepted together after one question, the others one by one. Each answer is
    written at once; stop whenever you like. In a pipe it only shows. --json only shows, too.

    Example: billing-sync mappings suggest --accept-exact --yes
    """
    if as_json:
        seen = overview(stack, _book(stack))
        print_answer(offers_as_json(offers(seen), seen))
        _end(seen)
        return
    console = terminal()
    accepted = accept_suggestions(stack, console, exact_only=accept_exact, yes=yes, dry_run=dry_run)
    console.print(escape(f"\nResult: {accepted.text()}."))
    if accepted.exact:
        print_list(
            console, "Accept the exact ones", ["billing-sync mappings suggest --accept-exact --yes"]
        )
    if accepted.left:
        print_list(console, "Map one at a time", ONE_AT_A_TIME)
    print_list(console, "Not read", accepted.not_read)
    sys.exit(1 if accepted.not_read else 0)


@mappings.command()
@click.option("--yes", is_flag=True, help="Update the names without asking.")
@DRY_RUN
@as_json
@of_a_stack
def heal(*, stack: Stack, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Find what became wrong: renamed, gone, merged or doubled; say what to do about it.

    Only names are updated, after a yes: a renamed organization keeps its mapping.

    Example: billing-sync mappings heal --dry-run
    """
    book = _book(stack)
    seen = overview(stack, book)
    health = Health.of(seen)
    if as_json:
        print_answer(health_as_json(health, seen))
        _end(seen)
        return
    console = terminal()
    show_health(console, health, seen)
    names = len(health.renamings)
    if names and not dry_run:
        agree(f"\nUpdate these names ({names})?", yes=yes)
        rename(book, seen, health.renamings)
        console.print(f"Names updated: {names}. Billing does not change.")
    _end(seen)


def _book(stack: Stack) -> ConfigBook:
    return ConfigBook(stack.table("ConfigTable"), by=stack.caller())


def _end(seen: Overview) -> None:
    """What did not read everything is no success."""
    sys.exit(1 if seen.not_read else 0)


for command in (
    set_mapping, pin, exclude, absent, not_billed, not_charged, remove, export, import_file
):  # fmt: skip
    mappings.add_command(command)
