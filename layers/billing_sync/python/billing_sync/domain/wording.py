"""How values read: amounts, plurals, lists cut short, and names as they are compared."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

MOST_KEPT = 50  # a run must fit into an item of 400 KB
MOST_SHOWN = 5
NAMES_SHOWN = 10
PRICES = (
    "Money is at the prices of additions and catalog items. A ConnectWise Pricing Schedule is not"
    " read, so an invoice can differ."
)
# ISO 4217: the currencies that have no cents, or thousandths.
_NO_CENTS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"


def plain(number: Decimal | None) -> str:
    """`12`, `12.5`, or "" where there is none."""
    if number is None:
        return ""
    return format(number.normalize(), "f") if number else "0"


def cents(money: Decimal, currency: str) -> Decimal:
    """The money to the smallest unit of its currency (ISO 4217), half up: `0.005` USD is `0.01`."""
    decimals = 0 if currency in _NO_CENTS.split() else 3 if currency in _THOUSANDTHS.split() else 2
    return money.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def amount(money: Decimal, currency: str, *, sign: str = "") -> str:
    """Money to its cents, `70.00`; with `sign="+"` also `+70.00`."""
    return format(cents(money, currency), f"{sign}f")


def exact_price(price: Decimal) -> str:
    """`3.50`, `1.125`: no digit is lost, for units are multiplied by it."""
    decimals = -min(int(price.normalize().as_tuple().exponent), -2)
    return f"{price:.{decimals}f}"


def with_currency(money: Decimal, currency: str, *, sign: str = "") -> str:
    """`70.00 USD`, `960 JPY`."""
    return f"{amount(money, currency, sign=sign)} {currency}".strip()


def summed(money: Iterable[tuple[str, Decimal | None]]) -> dict[str, Decimal]:
    """Sums by currency, which are never added up; without those of 0 where there are others.

    What has no price is in no sum.
    """
    sums: dict[str, Decimal] = {}
    for currency, value in money:
        if value is not None:
            sums[currency] = sums.get(currency, Decimal(0)) + value
    moved = {currency: money for currency, money in sums.items() if money}
    return dict(sorted((moved or sums).items()))


def amounts(sums: Mapping[str, Decimal], *, sign: str = "") -> dict[str, str]:
    """Each currency's sum to its cents, for programs."""
    return {currency: amount(money, currency, sign=sign) for currency, money in sums.items()}


def amounts_in_words(sums: Mapping[str, str]) -> str:
    """`485.25 USD and 960 JPY`; "" where nothing has a price."""
    return " and ".join(f"{money} {currency}".strip() for currency, money in sums.items())


def counted(number: int, singular: str, plural: str = "") -> str:
    """`1 organization`, `3 organizations`."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def usage_in_words(used: int, ended: Mapping[str, int], unknown: int) -> str:
    """`18 used = 7 blocked + 11 updated, 1 organization unknown`; no term is 0."""
    terms = " + ".join(f"{units} {name.replace('_', ' ')}" for name, units in ended.items())
    known = f"{used} used = {terms}" if used else ""
    missing = f"{counted(unknown, 'organization')} unknown" if unknown else ""
    return ", ".join(filter(None, (known, missing))) or "none used"


def utc_time(at: datetime | None) -> str:
    """`2026-07-14 09:00:00 UTC`, "" where there is none."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else ""


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
