"""What a business may be called, read once from its name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.operator.suggestions.normal import WEAK, normalised
from tools.operator.suggestions.values import Evidence, Grade

_OTHER_NAME_FOLLOWS = re.compile(
    r"\b(?:d\.?/?b\.?/?a|t/a|trading as|doing business as|aka|f/?k/?a|formerly(?: known as)?)\b"
    r"|(?<=\()was\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and its writings without spaces with what a match by them proves.

    `full` are the business's own, other and former names. `short` leave out words, or are
    ConnectWise's identifier: two names never match by a short writing of both.
    """

    raw: str
    key: str
    full: dict[str, Evidence]
    short: dict[str, Evidence]
    called: frozenset[str]

    @classmethod
    def of(cls, raw: str, identifier: str = "") -> "Name":
        """Read a name, and a company's identifier."""
        raw = raw.strip()
        key, short_name = normalised(raw), _compact(normalised(identifier))
        names = [name for part in _OTHER_NAME_FOLLOWS.split(raw) if (name := normalised(part))]
        full = {_compact(name): _likely(89, f"other or former name '{name}'") for name in names}
        full[_compact(key)] = _likely(90, "same name but for spaces")
        short = dict(writing for name in names for writing in _shortened(name, raw))
        if len(names) == 1 and " - " in key:
            short[_compact(key.partition(" - ")[0])] = _likely(86, f"'{raw}' is a site")
        if len(short_name) > 2 and not _compact(key).startswith(short_name):
            reason = f"ConnectWise identifier '{short_name.upper()}' is the name"
            short[short_name] = _likely(88, reason)
        for writings in (full, short):
            writings.pop("", None)
        return cls(raw, key, full, short, frozenset({*full, short_name} - {""}))

    @property
    def words(self) -> list[str]:
        """The words of the whole name."""
        return _words_in(self.key)


def _shortened(name: str, raw: str) -> Iterator[tuple[str, Evidence]]:
    words = _words_in(name)
    if len(words[0]) > 3 and words[0] not in WEAK and not re.search(r"\d", name):
        yield words[0], _likely(80, f"'{words[0]}' is the first word of '{raw}'")
    number = words[0] if re.fullmatch(r"\d{3,}", words[0]) else ""  # a client number
    left_out = [word for word in words if word in WEAK or word == number]
    kept = "".join(word for word in words if word not in left_out)
    yield kept, _likely(86, f"same name but for '{' '.join(left_out)}'")


def _likely(confidence: int, reason: str) -> Evidence:
    return Evidence(Grade.LIKELY, confidence, reason)


def _words_in(key: str) -> list[str]:
    return key.replace(" - ", " ").split()


def _compact(key: str) -> str:
    return "".join(_words_in(key))
