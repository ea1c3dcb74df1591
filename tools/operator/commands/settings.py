"""`billing-sync settings`: what the operator chooses, version by version."""

import sys
from typing import IO

import click

from billing_sync.adapters.config.settings import SettingsItem
from billing_sync.adapters.config.table import wrong_in
from tools.operator.answer import print_answer
from tools.operator.commands.settings_vendors import (
    choose,
    confirm_connectwise_role,
    confirm_huntress_sync_off,
)
from tools.operator.options import as_json, of_a_stack
from tools.operator.settings.attributes import (
    choices,
    pairs,
    with_attribute,
    without_attribute,
)
from tools.operator.settings.edit import put_in_force
from tools.operator.settings.editing import edited, from_text
from tools.operator.settings.reader import settings_of
from tools.operator.settings.view import NO_SETTINGS, history, show_history, show_settings
from tools.operator.stack import Stack
from tools.operator.terminal import terminal

# What a version says of the world and of the moment, and not of what was chosen.
STAYS = (
    "sync_enabled",
    "huntress_sync_off",
    "connectwise_role_confirmed",
    "external_notifications",
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group()
def settings() -> None:
    """Show and change what is billed, how, and when a person decides.

    Every change is a new version with who made it and when; none is lost, and each can come back.
    docs/settings.md lists every attribute.
    """


@settings.command()
@as_json
@of_a_stack
def show(*, stack: Stack, as_json: bool) -> None:
    """Show the current settings, with the defaults of what is not set.

    Ends with status 1 where something in them is wrong. As they are in the table:
    `billing-sync settings show --json`
    """
    read = settings_of(stack).read()
    if as_json:
        print_answer(read.current or {})
    else:
        show_settings(terminal(), read)
    if read.current and wrong_in(SettingsItem, read.current):
        sys.exit(1)


@settings.command(name="set")
@click.argument("words", nargs=-1, metavar="[ATTRIBUTE VALUE]...")
@click.option("--unset", multiple=True, metavar="ATTRIBUTE", help="Remove it; its default applies.")
@yes_option
@as_json
@of_a_stack
def set_(
    *, stack: Stack, words: tuple[str, ...], unset: tuple[str, ...], yes: bool, as_json: bool
) -> None:
    """Change attributes, all or none of them, and make it the next version.

    A value is JSON where it is any, else text. Shows what changes, and asks.

    \b
    billing-sync settings set products.edr.catalog_item_id 101 guards.money 800
    billing-sync settings set agreement_types '["Managed Security"]'
    billing-sync settings set --unset products.siem
    """
    if not words and not unset:
        raise click.UsageError("Name an attribute and its value, or --unset and an attribute.")
    changes = pairs(words)
    book = settings_of(stack)
    read = book.read()
    chosen = choices(read.current)
    for attribute in unset:
        chosen = without_attribute(chosen, attribute)
    for attribute, value in changes:
        chosen = with_attribute(chosen, attribute, value=value)
    put_in_force(book, read, chosen=chosen, yes=yes, as_json=as_json)


@settings.command()
@click.option("--from", "file", type=click.File(encoding="utf-8"), help="A file, `-` for a pipe.")
@yes_option
@as_json
@of_a_stack
def edit(*, stack: Stack, file: IO[str] | None, yes: bool, as_json: bool) -> None:
    """Edit all settings as JSON in your editor ($EDITOR), and make them the next version.

    Errors are shown, and the editor opens again with your text. Without an editor:
    `billing-sync settings edit --from settings.json`
    """
    book = settings_of(stack)
    read = book.read()
    if file:
        put_in_force(book, read, chosen=from_text(file.read()), yes=yes, as_json=as_json)
        return
    edited(
        choices(read.current),
        lambda chosen: put_in_force(book, read, chosen=chosen, yes=yes, as_json=as_json),
    )


@settings.command(name="history")
@as_json
@of_a_stack
def history_(*, stack: Stack, as_json: bool) -> None:
    """List every version, newest first: who, when, and what it changed.

    `billing-sync settings revert 3` makes one of them the newest.
    """
    lines = history(settings_of(stack).read())
    if as_json:
        print_answer({"versions": lines})
    elif lines:
        show_history(terminal(), lines)
    else:
        click.echo(NO_SETTINGS)


@settings.command()
@click.argument("version", type=click.IntRange(min=1))
@yes_option
@as_json
@of_a_stack
def revert(*, stack: Stack, version: int, yes: bool, as_json: bool) -> None:
    """Make an old version the newest, as in `billing-sync settings revert 3`.

    Whether sync is on, and what a person confirmed, stay as they are.
    """
    book, console = settings_of(stack), terminal(aside=as_json)
    read = book.read()
    old, now = choices(read.version(version)), choices(read.current)
    chosen = {name: value for name, value in old.items() if name not in STAYS}
    chosen |= {name: now[name] for name in STAYS if name in now}
    for name in STAYS:
        if old.get(name) != now.get(name):
            console.print(f"{name} stays as it is; set it by itself.")
    put_in_force(book, read, chosen=chosen, yes=yes, as_json=as_json)


settings.add_command(choose)
settings.add_command(confirm_huntress_sync_off)
settings.add_command(confirm_connectwise_role)
