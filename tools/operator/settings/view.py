"""Settings and their versions for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from billing_sync.adapters.config.settings import SettingsItem
from billing_sync.adapters.config.table import wrong_in
from billing_sync.adapters.ledger.items import Item
from tools.operator.settings.attributes import choices, differences, flat, shown
from tools.operator.settings.edit import defaults
from tools.operator.settings.reader import Reading, number_of
from tools.operator.terminal import print_list, table

NO_SETTINGS = (
    "There are no settings yet. Begin with the catalog item that bills a product, as in"
    " `billing-sync settings set products.edr.catalog_item_id 101`, or find it with"
    " `billing-sync settings choose edr`."
)
_UNCHANGED = "nothing"


def show_settings(console: Console, read: Reading) -> None:
    """The current settings, attribute by attribute, and what is wrong in them."""
    if read.current is None:
        console.print(NO_SETTINGS)
        return
    signature = _signature(read.current)
    console.print(f"[bold]Version {number_of(read.current)}{escape(signature)}[/]")
    made = table(
        "",
        Attribute="fold",
        Value="fold",
        Where_from="left",
    )
    held = defaults(read.current)
    for name, value in sorted([*flat(choices(read.current)), *held.items()]):
        source = "default" if name in held else ""
        made.add_row(escape(name), escape(shown(value)), source)
    console.print(made)
    print_list(console, "Wrong, so nothing is planned", wrong_in(SettingsItem, read.current))
    if read.by_hand and read.kept:
        console.print("Changed by hand since the last version that is kept.")


def show_history(console: Console, lines: Sequence[Mapping[str, Any]]) -> None:
    """Every version, newest first, with what it changed."""
    made = table(
        "Versions of the settings, newest first",
        Version="right",
        When="left",
        Who="fold",
        What_changed="fold",
    )
    for line in lines:
        number = f"{line['version']}{' (current)' if line['in_force'] else ''}"
        changes = [
            f"{change['attribute']}: {change['before']} → {change['after']}"
            for change in line["changes"]
        ]
        text = "\n".join(changes) or _UNCHANGED
        made.add_row(number, line["when"], escape(line["who"]), escape(text))
    console.print(made)


def history(read: Reading) -> list[dict[str, Any]]:
    """Every version, newest first: number, when, who, what it changed against the one before."""
    versions = [*read.kept, *([read.current] if read.current and read.by_hand else [])]
    lines = []
    before: Item | None = None
    for item in versions:
        changes = [
            {"attribute": name, "before": shown(was), "after": shown(now)}
            for name, was, now in differences(choices(before), choices(item))
        ]
        lines.append(
            {
                "version": number_of(item),
                "when": str(item.get("updated_at", "")),
                "who": str(item.get("updated_by", "")),
                "in_force": choices(item) == choices(read.current)
                and number_of(item) == number_of(read.current),
                "changes": changes,
            }
        )
        before = item
    return lines[::-1]


def _signature(item: Item) -> str:
    by, when = item.get("updated_by"), item.get("updated_at")
    return "".join((f", by {by}" if by else "", f", {when}" if when else ""))
