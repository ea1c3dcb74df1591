"""Which words of two names mean the same, and which are left over."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tools.operator.suggestions.spelling import abbreviates, is_mistyped
from tools.operator.suggestions.vocabulary import WEAK


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two names, word by word. `near` are pairs of writings of one word."""

    equal: tuple[str, ...]
    near: tuple[tuple[str, str], ...]
    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def matched(self) -> tuple[str, ...]:
        """What both have, as the second name writes it."""
        return self.equal + tuple(word for _, right in self.near for word in right.split())

    @property
    def telling_left(self) -> tuple[str, ...]:
        """What only the first name has, weak words aside."""
        return tuple(word for word in self.left if word not in WEAK)

    @property
    def telling_right(self) -> tuple[str, ...]:
        """What only the second name has, weak words aside."""
        return tuple(word for word in self.right if word not in WEAK)


def align(left: str, right: str, is_a_word: Callable[[str], bool]) -> Alignment:
    """Pair the words of two normalised names. `is_a_word` tells what nobody mistyped."""
    ours, theirs = left.split(), right.split()
    equal = list((Counter(ours) & Counter(theirs)).elements())
    for word in equal:
        ours.remove(word)
        theirs.remove(word)
    near = list(_compounds(ours, theirs))
    near += [(one, other) for other, one in _compounds(theirs, ours)]
    near += _alike(ours, theirs, is_a_word)
    if equal:
        near += list(_initials(ours, theirs))
        near += [(one, other) for other, one in _initials(theirs, ours)]
    return Alignment(tuple(equal), tuple(near), tuple(ours), tuple(theirs))


def _compounds(apart: list[str], together: list[str]) -> Iterator[tuple[str, str]]:
    """Blue Water and Bluewater. Takes what it pairs."""
    for first, second in list(pairwise(apart)):
        if first + second in together and first in apart and second in apart:
            apart.remove(first)
            apart.remove(second)
            together.remove(first + second)
            yield f"{first} {second}", first + second


def _alike(
    ours: list[str], theirs: list[str], is_a_word: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Abbreviations and slips. Takes what it pairs."""
    for one in list(ours):
        for other in theirs:
            if one[0] != other[0]:
                continue
            short, long = sorted((one, other), key=len)
            if abbreviates(short, long) or is_mistyped(one, other, is_a_word):
                ours.remove(one)
                theirs.remove(other)
                yield one, other
                break


def _initials(short: list[str], long: list[str]) -> Iterator[tuple[str, str]]:
    """RC and Roman Catholic. Takes what it pairs."""
    for letters in [word for word in short if len(word) > 1]:
        for start in range(len(long) - len(letters) + 1):
            run = long[start : start + len(letters)]
            if letters == "".join(word[0] for word in run):
                short.remove(letters)
                del long[start : start + len(letters)]
                yield letters, " ".join(run)
                break
