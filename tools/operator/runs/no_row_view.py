"""Usage not billed to any agreement, one sentence for each reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from billing_sync.domain.wording import names_in_short

Remainder = Mapping[str, Any]


def in_no_row(remainders: Iterable[Remainder]) -> Iterator[str]:
    """`Alder, Birch: 7 siem not configured: ...`; what a person excluded is left out."""
    alike: dict[tuple[str, str], list[Remainder]] = defaultdict(list)
    for remainder in remainders:
        if remainder["kind"] != "excluded":
            alike[remainder["kind"], remainder["message"]].append(remainder)
    for (kind, message), same_reason in alike.items():
        names = names_in_short({str(remainder["organization"]) for remainder in same_reason})
        yield f"{names}: {_units(same_reason)} {kind.replace('_', ' ')}: {message}"


def _units(same_reason: Iterable[Remainder]) -> str:
    """`25 edr, 30 itdr`; unknown counts are named."""
    known: dict[str, int] = defaultdict(int)
    unknown: dict[str, int] = defaultdict(int)
    for remainder in same_reason:
        if isinstance(remainder["units"], int):
            known[remainder["product"]] += remainder["units"]
        else:
            unknown[remainder["product"]] += 1
    counts = [f"{units} {product}" for product, units in known.items()]
    counts += [f"{product} unknown {number} times" for product, number in unknown.items()]
    return ", ".join(counts)
