"""A name, read once for all its comparisons."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tools.operator.suggestions.normal import names_in, normalised, parts
from tools.operator.suggestions.vocabulary import COMMON, WEAK


@dataclass(frozen=True, slots=True)
class Written:
    """A name's one writing (`key`), and the names in it: its own, then other and former ones.

    `identifier` is ConnectWise's, as letters and digits only; empty for an organization.
    """

    raw: str
    key: str
    names: tuple[str, ...]
    place_of: (
        str  # the part before a dash or bracket, where there is one: "acme" of "Acme - Denver"
    )
    identifier: str

    @classmethod
    def of(cls, name: str, identifier: str = "") -> "Written":
        """Read a name, and a company's identifier."""
        key = normalised(name)
        own, others = names_in(key)
        before = parts(name)
        place_of = before[0] if len(before) > 1 and not others else ""
        return cls(name.strip(), key, (own, *others), place_of, compact(normalised(identifier)))

    def ways(self) -> frozenset[str]:
        """Everything the business may be called, without spaces."""
        called = {compact(name) for name in (self.key, *self.names)} | {self.identifier}
        return frozenset(called - {""})


def compact(key: str) -> str:
    """A normalised name without its spaces."""
    return key.replace(" ", "")


def initials(words: Iterable[str]) -> str:
    """The first letters of the words, of those that count."""
    return "".join(word[0] for word in words if word not in WEAK)


def says_which(words: Iterable[str]) -> bool:
    """Whether the words name a business: one word that is its own, or two that are not weak."""
    telling = [word for word in words if word not in WEAK]
    return len(telling) > 1 or any(is_own(word) for word in telling)


def is_own(word: str) -> bool:
    """Whether a word is a business's own, rather than one of a trade, a place or a family."""
    return len(word) > 3 and word not in COMMON and word not in WEAK and not re.search(r"\d", word)


class Rarity:
    """How many organizations and how many companies use a word."""

    def __init__(self, organizations: Iterable[Written], companies: Iterable[Written]) -> None:
        self._organizations = _uses(organizations)
        self._companies = _uses(companies)

    def only_theirs(self, word: str) -> bool:
        """Whether one organization and one company use the word, and it is no word of everybody."""
        return is_own(word) and self._organizations[word] == self._companies[word] == 1

    def is_a_word(self, word: str) -> bool:
        """Whether a word is used by several, and thus written as meant."""
        return word in COMMON or max(self._organizations[word], self._companies[word]) > 2


def _uses(names: Iterable[Written]) -> Counter[str]:
    return Counter(word for name in names for word in set(name.key.split()))
