"""Settings with their past: every change is a new version, and none is ever lost."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from billing_sync.adapters.config.settings import SettingsItem
from billing_sync.adapters.config.table import SETTINGS_KEY, wrong_in
from billing_sync.adapters.ledger.items import Item
from tools.operator.config_book import ConfigBook, Edit
from tools.operator.errors import Refused
from tools.operator.settings.attributes import choices
from tools.operator.settings.choosing_items import item_problems
from tools.operator.stack import Stack

_VERSION = "V#"
ItemProblems = Callable[[Collection[int]], Mapping[int, str]]


def version_key(number: int) -> dict[str, str]:
    """Where a version is kept; the numbers sort as text."""
    return {"pk": SETTINGS_KEY["pk"], "sk": f"{_VERSION}{number:06d}"}


@dataclass(frozen=True, slots=True)
class Reading:
    """The current settings, None where there are none yet, and every version kept, oldest first.

    `by_hand` says that what is in force was written without this book, so it is not kept yet.
    """

    current: Item | None
    kept: tuple[Item, ...]

    @property
    def newest(self) -> int:
        """The highest number of a version."""
        return max([number_of(self.current), *(number_of(item) for item in self.kept)])

    @property
    def by_hand(self) -> bool:
        """Whether the current settings are kept nowhere else."""
        return self.current is not None and not any(_same(self.current, item) for item in self.kept)

    def version(self, number: int) -> Item:
        """A version by its number; raises `Refused` where there is none."""
        for item in (*self.kept, self.current or {}):
            if number_of(item) == number:
                return item
        numbers = ", ".join(str(number_of(item)) for item in self.kept) or "none"
        raise Refused(
            f"version is {number}, and there is none of that number. There are: {numbers}."
        )


class SettingsBook:
    """Reads the settings, and makes new versions current for the person the book writes for."""

    def __init__(self, book: ConfigBook, *, item_problems: ItemProblems) -> None:
        self._book = book
        self._item_problems = item_problems

    def read(self) -> Reading:
        """Everything there is of settings, as of now."""
        kept = self._book.items(SETTINGS_KEY["pk"], _VERSION)
        return Reading(self._book.item(*SETTINGS_KEY.values()), tuple(kept))

    def proposal(self, read: Reading, chosen: Mapping[str, Any]) -> Item:
        """These choices as the next version; raises `Refused` with all that is wrong in them."""
        off = {} if read.current else {"sync_enabled": False}
        # The current settings, if kept nowhere, take the number before, if its own is taken.
        number = read.newest + (2 if _needs_number(read) else 1)
        item = self._book.signed({**SETTINGS_KEY, **off, **chosen, "version": number})
        if wrong := wrong_in(SettingsItem, item):
            problems = "\n  ".join(wrong)
            raise Refused(f"nothing was written, for the settings would be wrong:\n  {problems}")
        return item

    def check_items(self, read: Reading, item: Item) -> None:
        """Raises `Refused` where a catalog item that the proposal newly names bills nothing."""
        new = _items(item) - _items(read.current or {})
        if new and (wrong := self._item_problems(sorted(new))):
            problems = "\n  ".join(wrong.values())
            raise Refused(f"nothing was written, for the settings would be wrong:\n  {problems}")

    def write(self, read: Reading, item: Item) -> None:
        """Make a proposal current and keep it and the version before, all or nothing.

        Raises `Refused` when somebody changed the settings since they were read.
        """
        edits = [Edit(read.current, item), Edit(None, {**item, **version_key(item["version"])})]
        if read.current is not None and read.by_hand:
            number = read.newest + 1 if _needs_number(read) else number_of(read.current)
            kept = {**read.current, **version_key(number), "version": number}
            edits.append(Edit(None, kept))
        self._book.write(edits)


def settings_of(stack: Stack) -> SettingsBook:
    """The stack's settings, for whoever asks AWS."""
    book = ConfigBook(stack.table("ConfigTable"), by=stack.caller())
    return SettingsBook(book, item_problems=partial(item_problems, stack))


def number_of(item: Mapping[str, Any] | None) -> int:
    """The version's number; 0 where it has none that counts."""
    number = (item or {}).get("version", 0)
    try:
        return max(int(number), 0)
    except (TypeError, ValueError, ArithmeticError):
        return 0


def _items(item: Mapping[str, Any]) -> set[int]:
    """Every catalog item that settings name."""
    products = item.get("products", {}).values()
    named = [product["catalog_item_id"] for product in products if "catalog_item_id" in product]
    return {int(item_id) for item_id in (*named, *item.get("combined_catalog_items", []))}


def _same(item: Item, other: Item) -> bool:
    return number_of(item) == number_of(other) and choices(item) == choices(other)


def _needs_number(read: Reading) -> bool:
    """Whether what was written by hand has no number of its own."""
    taken = {0, *(number_of(item) for item in read.kept)}
    return read.by_hand and number_of(read.current) in taken
