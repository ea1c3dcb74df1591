"""A change of the settings from the choice to the current version: shown, confirmed, written."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from billing_sync.adapters.config.settings import SettingsItem
from billing_sync.adapters.config.table import wrong_in
from billing_sync.adapters.ledger.items import Item
from tools.operator.answer import print_answer
from tools.operator.asking import agree, needs_yes
from tools.operator.settings.attributes import NOT_SET, choices, differences, flat, shown
from tools.operator.settings.reader import Reading, SettingsBook
from tools.operator.terminal import terminal

TURNING_ON = (
    "This turns sync on: from the next Huntress invoice on, quantities in ConnectWise change by"
    " themselves, with no further question, except what the guards hold for you. Invoices that"
    " Huntress has made until now stay as they are."
)
NOBODY_CONFIRMED = (
    "Nobody confirmed yet that Huntress's own sync is off; two syncs would overwrite each other."
    " See `billing-sync settings confirm-huntress-sync-off --help`."
)


def put_in_force(
    book: SettingsBook,
    read: Reading,
    *,
    chosen: Mapping[str, Any],
    yes: bool,
    as_json: bool = False,
) -> None:
    """Make these choices the next version, after showing what changes and asking.

    With `as_json` standard output gets what is in force afterwards, and nothing else. Raises
    `Refused` when the settings would be wrong, when the answer is no, or when somebody was quicker.
    """
    needs_yes(as_json=as_json, yes=yes)
    item = _put(book, read, chosen=chosen, yes=yes, console=terminal(aside=as_json))
    if as_json:
        print_answer({**(item or read.current or {}), "changed": item is not None})


def _put(
    book: SettingsBook, read: Reading, *, chosen: Mapping[str, Any], yes: bool, console: Console
) -> Item | None:
    """The item that is current from then on, None where nothing changes."""
    item = book.proposal(read, chosen)
    changes = differences(choices(read.current), choices(item))
    if not changes:
        console.print(f"Nothing changes: version {read.newest} has these values already.")
        return None
    book.check_items(read, item)
    show_changes(console, changes, before=read.current, after=item)
    agree(_question(read.current, item, console), yes=yes)
    book.write(read, item)
    console.print(f"Version {item['version']} is current, saved by {escape(item['updated_by'])}.")
    return item


def show_changes(
    console: Console, changes: list[tuple[str, Any, Any]], *, before: Item | None, after: Item
) -> None:
    """One line for each attribute: before and after, with the defaults where unset."""
    defaults_were, defaults_are = defaults(before), defaults(after)
    for name, was, now in changes:
        old, new = _text(was, defaults_were.get(name)), _text(now, defaults_are.get(name))
        console.print(f"  {escape(name)}: {escape(old)} → {escape(new)}")


def defaults(item: Item | None) -> dict[str, Any]:
    """By attribute the default where it is not set; nothing where the item cannot be read."""
    if item is None or wrong_in(SettingsItem, item):
        return {}
    held = flat(choices(SettingsItem.model_validate(item).model_dump()))
    named = dict(flat(item))
    return {name: value for name, value in held if name not in named and value not in (None, "")}


def _text(value: Any, default: Any) -> str:
    if value is NOT_SET and default is not None:
        return f"{shown(default)} (default)"
    return shown(value)


def _question(before: Item | None, after: Item, console: Console) -> str:
    if after.get("sync_enabled") is True and (before or {}).get("sync_enabled") is not True:
        console.print(f"\n[bold]{TURNING_ON}[/]")
        if not after.get("huntress_sync_off"):
            console.print(NOBODY_CONFIRMED)
        return "Turn sync on?"
    return f"Make version {after['version']} current?"
