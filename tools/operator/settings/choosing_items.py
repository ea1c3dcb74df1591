"""Choosing the catalog item that bills a product, from what ConnectWise has."""

from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from tools.operator.errors import Refused, Unanswered
from tools.operator.stack import Stack
from tools.operator.terminal import table

CatalogItem = dict[str, Any]
SHOWN = 30


def catalog(stack: Stack, search: str = "") -> list[CatalogItem]:
    """ConnectWise's catalog items by a part of identifier or description; `usable` says why not.

    Raises `Refused` in the function's words where ConnectWise could not be read.
    """
    answer = stack.invoke("permission-check", {"list": "catalog", "search": search})
    if "items" not in answer:
        raise Refused(str(answer["result"]))
    return list(answer["items"])


def item_by_id(stack: Stack, item_id: int) -> CatalogItem:
    """The item with this id; raises `Refused` where there is none or it bills nothing."""
    found = [item for item in catalog(stack) if item["id"] == item_id]
    if not found:
        raise Refused(
            f"catalog item is {item_id}, and ConnectWise has none with this id. Look for it with"
            " `billing-sync settings choose` and a search."
        )
    if found[0]["usable"]:
        why = found[0]["usable"]
        raise Refused(f"catalog item is {_named(found[0])}, which is of no use: {why}")
    return found[0]


def chosen_item(stack: Stack, product: str, *, search: str, console: Console) -> CatalogItem:
    """The item that somebody chooses by its number, searching as often as it takes."""
    text = search or _answer(f"Search the catalog for {product} (identifier or description)")
    while True:
        items = catalog(stack, text)[:SHOWN]
        _show(console, items, text)
        picked = _picked(items, console)
        if isinstance(picked, dict):
            return picked
        text = picked


def _picked(items: Sequence[CatalogItem], console: Console) -> CatalogItem | str:
    """An item that bills, or the next search."""
    while True:
        answer = _answer("Number of the item, or another search")
        if not (answer.isascii() and answer.isdecimal() and 0 < int(answer) <= len(items)):
            return answer
        item = items[int(answer) - 1]
        if not item["usable"]:
            return item
        console.print(f"{escape(_named(item))} is of no use: {escape(item['usable'])}")


def _show(console: Console, items: Sequence[CatalogItem], text: str) -> None:
    if not items:
        console.print(f"Nothing in the catalog has '{escape(text)}' in it.")
        return
    made = table(
        f"Catalog items with '{text}'",
        No="right",
        Id="right",
        Identifier="fold",
        Description="fold",
        Price="right",
        Of_no_use="fold",
    )
    for number, item in enumerate(items, 1):
        words = (str(item[key]) for key in ("identifier", "description", "price", "usable"))
        made.add_row(str(number), str(item["id"]), *map(escape, words))
    console.print(made)
    if len(items) == SHOWN:
        console.print(f"The first {SHOWN} are shown; search for more of the name to see others.")


def _answer(question: str) -> str:
    try:
        return str(click.prompt(question, err=True)).strip()
    except click.Abort:
        click.echo(err=True)
        raise Unanswered("no answer. Where nobody can answer, give --item.") from None


def _named(item: CatalogItem) -> str:
    return f"{item['id']} {item['identifier']}"
