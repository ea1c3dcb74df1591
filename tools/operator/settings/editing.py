"""Settings in an editor: nothing that was typed is lost, whatever is wrong with it."""

import json
import tempfile
from collections.abc import Callable
from typing import Any

import click
from botocore.exceptions import BotoCoreError, ClientError

from billing_sync.adapters.ledger.items import Item
from tools.operator.answer import as_text
from tools.operator.asking import agree
from tools.operator.errors import Refused
from tools.operator.settings.attributes import OF_THE_BOOK, read_json

FIRST = {"products": {"edr": {"catalog_item_id": 0}}, "sync_enabled": False, "time_zone": "UTC"}


def from_text(text: str) -> Item:
    """The settings that a text is; raises `Refused` with line and column where it is none."""
    try:
        chosen = read_json(text)
    except json.JSONDecodeError as error:
        raise Refused(
            f"line {error.lineno}, column {error.colno}: {error.msg}. This is no JSON."
        ) from None
    if not isinstance(chosen, dict):
        raise Refused('settings are a map, as in {"products": ...}.')
    if given := [name for name in OF_THE_BOOK if name in chosen]:
        raise Refused(f"{given[0]} is written with every change; remove it.")
    return chosen


def edited(chosen: Item, use: Callable[[Item], Any]) -> None:
    """Open $EDITOR with these choices and `use` what comes back, again while that is refused.

    Raises `Refused`, naming the file with the text, when somebody gives up.
    """
    text = as_text(chosen or FIRST)
    while True:
        back = click.edit(text, extension=".json", require_save=False)
        if back is None or not back.strip():
            raise Refused("the editor gave no text back; nothing was written.")
        text = back
        try:
            use(from_text(text))
        except click.ClickException as error:
            error.show()
            _again_or_keep(text)
        except (BotoCoreError, ClientError):
            click.echo(_kept(text), err=True)
            raise
        else:
            return


def _again_or_keep(text: str) -> None:
    try:
        agree("Open the editor again, with your text?", yes=False)
    except click.ClickException as error:
        raise Refused(f"nothing was written. {_kept(text)}") from error


def _kept(text: str) -> str:
    """Keep the text, and say where."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="settings-", suffix=".json", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    return f"Your text is in {file.name}; use it with `billing-sync settings edit --from` it."
