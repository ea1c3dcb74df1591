"""Choosing the catalog item that bills a product, from what ConnectWise has."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from billing_sync.domain.vendors.catalog import INACTIVE
from tools.operator.errors import Refused, Unanswered
from tools.operator.stack import Stack
from tools.operator.terminal import table

CatalogItem = dict[str, Any]
SHOWN = 30
_AT_ONCE = 100  # ids that one answer takes


def catalog(stack: Stack, search: str = "") -> list[CatalogItem]:
    """ConnectWise's catalog items by a part of identifier or description; `usable` says why not.

    Raises `Refused` in the function's words where ConnectWise could not be read.
    """
    answer = stack.invoke("permission-check", {"list": "catalog", "search": search})
    if "items" not in answer:
        raise Refused(str(answer["result"]))
    return list(answer["items"])


def items_by_id(stack: Stack, item_ids: Collection[int]) -> dict[int, CatalogItem]:
    """Those of the catalog items that exist; raises `Refused` where they could not be checked."""
    found: dict[int, CatalogItem] = {}
    ids = sorted(item_ids)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        answer = stack.invoke("permission-check", {"list": "catalog", "ids": some})
        if "items" not in answer:
            raise Refused(f"the catalog items could not be checked: {answer['result']}")
        found |= {item["id"]: item for item in answer["items"]}
    return found


def item_problems(stack: Stack, item_ids: Collection[int]) -> dict[int, str]:
    """Why each of these catalog items can bill nothing; an inactive one's additions are billed."""
    return _problems(item_ids, items_by_id(stack, item_ids), but=("", INACTIVE))


def _problems(
    item_ids: Collection[int], found: Mapping[int, CatalogItem], *, but: Collection[str]
) -> dict[int, str]:
    missing = {
        item_id: f"ConnectWise has no catalog item {item_id}. Look for it with"
        " `billing-sync settings choose` and a search"
        for item_id in item_ids
        if item_id not in found
    }
    return missing | {
        item_id: f"catalog item {_named(item)} is of no use: {item['usable']}"
        for item_id, item in found.items()
        if item["usable"] not in but
    }


def item_by_id(stack: Stack, item_id: int) -> CatalogItem:
    """The item with this id; raises `Refused` where there is none or no addition can be made."""
    found = items_by_id(stack, [item_id])
    if problem := _problems([item_id], found, but=("",)).get(item_id):
        raise Refused(f"{problem}.")
    return found[item_id]


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
