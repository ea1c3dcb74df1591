"""How values read: amounts, plurals, lists cut short, and names as they are compared."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

MOST_KEPT = 50  # a run must fit into an item of 400 KB
MOST_SHOWN = 5
NAMES_SHOWN = 10


def plain(number: Decimal | None) -> str:
    """`12`, `12.5`, or "" where there is none."""
    if number is None:
        return ""
    return format(number.normalize(), "f") if number else "0"


def amount(money: Decimal, *, sign: str = "") -> str:
    """Money to the cent, `70.00`; with `sign="+"` also `+70.00`."""
    return format(money, f"{sign}.2f")


def counted(number: int, singular: str, plural: str = "") -> str:
    """`1 organization`, `3 organizations`."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def usage_in_words(used: int, ended: Mapping[str, int], unknown: int) -> str:
    """`18 used = 7 blocked + 11 updated, 1 organization unknown`; no term is 0."""
    terms = " + ".join(f"{units} {name.replace('_', ' ')}" for name, units in ended.items())
    known = f"{used} used = {terms}" if used else ""
    missing = f"{counted(unknown, 'organization')} unknown" if unknown else ""
    return ", ".join(filter(None, (known, missing))) or "none used"


def in_short(texts: Iterable[str], *, most: int = MOST_KEPT) -> tuple[str, ...]:
    """The first of these, and how many more there are."""
    everything = tuple(texts)
    more = len(everything) - most
    return (*everything[:most], f"and {more} more") if more > 0 else everything


def some(texts: Iterable[str]) -> tuple[str, ...]:
    """The first few of these, as a person reads them in one message."""
    return in_short(texts, most=MOST_SHOWN)


def names_in_short(names: Iterable[str]) -> str:
    """`Alder, Birch`, and of many names the first and how many more there are."""
    names = sorted(names)
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def folded(text: str) -> str:
    """The name as it is compared: people write it with other case and stray blanks."""
    return text.strip().casefold()
