"""Which companies are worth comparing with a name: those that share something rare with it.

So the comparisons grow with the number of names, not with its square.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tools.operator.suggestions.written import Written, initials

_MOST = 25  # compared for each name
_LOOKED_AT = 600  # entries read for each name, the rarest traits first


class Candidates:
    """An index of names by their traits: words, their beginnings and ends, initials."""

    def __init__(self, names: Sequence[Written]) -> None:
        self._having: dict[str, list[int]] = defaultdict(list)
        for position, name in enumerate(names):
            for trait in set(_traits(name)):
                self._having[trait].append(position)

    def of(self, name: Written) -> list[int]:
        """Positions of the names to compare with, in their order."""
        traits = {trait for trait in _traits(name) if trait in self._having}
        rarest_first = sorted(traits, key=lambda trait: (len(self._having[trait]), trait))
        weight: dict[int, float] = defaultdict(float)
        looked_at = 0
        for trait in rarest_first:
            having = self._having[trait]
            looked_at += len(having)
            if looked_at > _LOOKED_AT and weight:
                break
            for position in having:
                weight[position] += 1 / len(having)
        best = sorted(weight, key=lambda position: (-weight[position], position))[:_MOST]
        return sorted(best)


def _traits(name: Written) -> Iterator[str]:
    for way in name.ways():
        yield f"={way}"
        yield f"{way[:6]}…"
    for one in name.names:
        words = one.split()
        yield f"={initials(words)}"
        for word in words:
            yield word
            if len(word) > 4:
                yield f"{word[:3]}…{len(word) // 3}"
                yield f"…{word[-4:]}"
