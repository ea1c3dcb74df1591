"""Settings that are read off the vendors: catalog items, and what a person has to look at."""

from datetime import UTC, datetime

import click

from billing_sync.domain.vendors.usage import Product
from tools.operator.asking import agree, needs_yes
from tools.operator.options import as_json, of_a_stack
from tools.operator.settings.attributes import choices, with_attribute
from tools.operator.settings.choosing_items import chosen_item, item_by_id
from tools.operator.settings.edit import put_in_force
from tools.operator.settings.reader import settings_of
from tools.operator.stack import Stack
from tools.operator.terminal import terminal

ROLE = (
    "In ConnectWise: System > Security Roles > the API member's role: Finance > Agreements with"
    " Inquire All and Edit All (customize: all agreements), Procurement > Product Catalog with"
    " Inquire All. System > Members > API Members > the API member: level Corporate, restricted to"
    " no location or department."
)
CLICK_PATH = (
    'In Huntress: Integrations > ConnectWise > Billing tab: "Sync With ConnectWise Agreements".'
    " Where it is Yes, Huntress writes the same quantities after its invoice, and two syncs"
    " overwrite each other."
)


@click.command()
@click.argument("product", type=click.Choice([each.value for each in Product]))
@click.option("--search", default="", metavar="TEXT", help="Begin with this search.")
@click.option("--item", type=click.IntRange(min=1), metavar="ID", help="This item, unasked.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@of_a_stack
def choose(
    *, stack: Stack, product: str, search: str, item: int | None, yes: bool, as_json: bool
) -> None:
    """Choose the ConnectWise catalog item that bills a product.

    Reads the catalog from ConnectWise; an item that is inactive or a bundle is shown with why it
    is of no use.

    \b
    billing-sync settings choose edr --search huntress
    billing-sync settings choose edr --item 101
    """
    choose_for(stack, product, search=search, item_id=item, yes=yes, as_json=as_json)


@click.command(name="confirm-huntress-sync-off")
@click.option("--by", default="", metavar="NAME", help="Who looked, where it is not you.")
@click.option("--yes", is_flag=True, help="It is off; do not ask.")
@as_json
@of_a_stack
def confirm_huntress_sync_off(*, stack: Stack, by: str, yes: bool, as_json: bool) -> None:
    """Record that somebody saw Huntress's own sync to be off.

    No API shows it, so a person looks: `billing-sync settings confirm-huntress-sync-off --by Ann`
    """
    confirm_off(stack, by=by, yes=yes, as_json=as_json)


@click.command(name="confirm-connectwise-role")
@click.option("--by", default="", metavar="NAME", help="Who looked, where it is not you.")
@click.option("--yes", is_flag=True, help="The role is right; do not ask.")
@as_json
@of_a_stack
def confirm_connectwise_role(*, stack: Stack, by: str, yes: bool, as_json: bool) -> None:
    """Record that somebody saw the API member's role and restrictions to be right.

    For a role that ConnectWise does not show to its API. permission-check still fails where
    ConnectWise shows that a right is missing.

    Example: billing-sync settings confirm-connectwise-role --by Ann
    """
    _confirm(
        stack,
        "connectwise_role_confirmed",
        path=ROLE,
        question="Did you look, and is it so?",
        by=by,
        yes=yes,
        as_json=as_json,
    )


def choose_for(
    stack: Stack,
    product: str,
    *,
    search: str = "",
    item_id: int | None = None,
    yes: bool = False,
    as_json: bool = False,
) -> None:
    """Let a person choose the item of a product, or take the one named, and make it current.

    Raises `Refused` where the item is of no use, or the answer is no.
    """
    if item_id is None:
        console = terminal(aside=as_json)
        item = chosen_item(stack, product, search=search, console=console)
    else:
        item = item_by_id(stack, item_id)
    book = settings_of(stack)
    read = book.read()
    path = f"products.{product}"
    chosen = with_attribute(choices(read.current), f"{path}.catalog_item_id", value=item["id"])
    chosen = with_attribute(chosen, f"{path}.name", value=item["identifier"])
    put_in_force(book, read, chosen=chosen, yes=yes, as_json=as_json)


def confirm_off(stack: Stack, *, by: str = "", yes: bool = False, as_json: bool = False) -> None:
    """Ask, with the click path, and record who saw Huntress's own sync to be off, and when."""
    _confirm(
        stack,
        "huntress_sync_off",
        path=CLICK_PATH,
        question="Did you look, and is it No?",
        by=by,
        yes=yes,
        as_json=as_json,
    )


def _confirm(
    stack: Stack, attribute: str, *, path: str, question: str, by: str, yes: bool, as_json: bool
) -> None:
    """Ask a person who followed the click path, and record who it was, and when."""
    needs_yes(as_json=as_json, yes=yes)
    terminal(aside=as_json).print(path)
    agree(question, yes=yes)
    record_confirmed(stack, attribute, by=by, as_json=as_json)


def record_confirmed(stack: Stack, attribute: str, *, by: str = "", as_json: bool = False) -> None:
    """Set the attribute to who confirmed it, and when."""
    book = settings_of(stack)
    read = book.read()
    seen = f"{by.strip() or stack.caller()} on {datetime.now(UTC):%Y-%m-%d}"
    chosen = with_attribute(choices(read.current), attribute, value=seen)
    put_in_force(book, read, chosen=chosen, yes=True, as_json=as_json)
