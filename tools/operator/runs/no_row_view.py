"""Usage that is in no row, one sentence for each reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from billing_sync.domain.wording import names_in_short

Remainder = Mapping[str, Any]


def in_no_row(remainders: Iterable[Remainder]) -> Iterator[str]:
    """`Alder, Birch: 7 siem not configured: ...`; what a person excluded is not told."""
    alike: dict[tuple[str, str], list[Remainder]] = defaultdict(list)
    for one in remainders:
        if one["kind"] != "excluded":
            alike[one["kind"], one["message"]].append(one)
    for (kind, message), those in alike.items():
        names = names_in_short({str(one["organization"]) for one in those})
        yield f"{names}: {_units(those)} {kind.replace('_', ' ')}: {message}"


def _units(those: Iterable[Remainder]) -> str:
    """`25 edr, 30 itdr`; what is not known is said to be."""
    known: dict[str, int] = defaultdict(int)
    unknown: dict[str, int] = defaultdict(int)
    for one in those:
        if isinstance(one["units"], int):
            known[one["product"]] += one["units"]
        else:
            unknown[one["product"]] += 1
    told = [f"{units} {product}" for product, units in known.items()]
    told += [f"{product} unknown {number} times" for product, number in unknown.items()]
    return ", ".join(told)
