"""One writing for each name, so that names which differ in writing only are equal.

What tells businesses apart stays: places, numbers, words in their order, letters of every script.
"""

import re
import unicodedata

from tools.operator.suggestions.vocabulary import LEGAL_FORMS, SAME_WORDS

# Another name of the same business follows.
OTHER_NAME = "dba"
FORMER_NAME = "formerly"
_OTHER_NAMES = re.compile(r"\b(?:d\.?/?b\.?/?a\b|t/a\b|trading as\b|doing business as\b|aka\b)")
_FORMER_NAMES = re.compile(r"\b(?:f/?k/?a\b|formerly(?: known as)?\b|(?<=\()was\b)")
_LETTERS_WITHOUT_BASE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i"}  # noqa: RUF001
)
_PARTS = re.compile(r"\s[-–—|:]\s|[(),;\[\]]|\s[-–—]|[-–—]\s")  # noqa: RUF001
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")  # noqa: RUF001 - typed by people
_DOTTED = re.compile(r"\b(\w)\.(?=\w\b|\s|$)")
# A place, where no other letter is small or it stands in a part of its own; else a company.
_COLORADO = re.compile(r"(?<=[a-z] )CO$|(?<=[-–—|(\[])\s*(?:CO|Co|co)(?=\s*[)\]]?$)")  # noqa: RUF001


def normalised(name: str) -> str:
    """The name in its one writing; empty if nothing in it is a letter or a digit.

    Normalising again changes nothing.
    """
    text = _settled(_folded(name))
    while (again := _settled(text)) != text:
        text = again
    return text


def parts(name: str) -> tuple[str, ...]:
    """The name's parts between dashes, commas and brackets, each in its one writing."""
    return tuple(part for text in _PARTS.split(_folded(name)) if (part := normalised(text)))


def names_in(key: str) -> tuple[str, tuple[str, ...]]:
    """The name in front, and the other and former names that follow, of a normalised name."""
    first, *others = re.split(rf"\b(?:{OTHER_NAME}|{FORMER_NAME})\b", key)
    found = [stripped for other in (first, *others) if (stripped := normalised(other))]
    return (found[0] if found else key), tuple(found[1:])


def _folded(name: str) -> str:
    """Casefolded, without accents, marks and hidden characters."""
    text = "".join(c for c in name if unicodedata.category(c) not in {"Cf", "So"})
    text = _COLORADO.sub(" colorado", unicodedata.normalize("NFKC", text).strip())
    text = text.casefold().translate(_LETTERS_WITHOUT_BASE)
    text = _FORMER_NAMES.sub(f" {FORMER_NAME} ", _OTHER_NAMES.sub(f" {OTHER_NAME} ", text))
    return text if text.isascii() else _without_accents(text)


def _without_accents(text: str) -> str:
    """Latin and Greek letters without their accents; other scripts' marks make other letters.

    A mark on nothing goes too.
    """
    kept, bare = [], True
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character)[0] == "M":
            if bare:
                continue
        else:
            script = unicodedata.name(character, "")
            bare = not character.isalnum() or script.startswith(("LATIN", "GREEK"))
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def _settled(text: str) -> str:
    words: list[str] = []
    for part in _PARTS.split(text):
        words += _without_legal_form(_without_article(_words(part)), keep=0 if words else 1)
    return " ".join(_without_legal_form(_joined(words), keep=1))


def _words(part: str) -> list[str]:
    text = _DOTTED.sub(r"\1", _APOSTROPHES.sub("", part))
    text = text.replace("&", " and ").replace("+", " and ")
    spaced = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    return [SAME_WORDS.get(word, word) for word in spaced.split() if any(map(str.isalnum, word))]


def _joined(words: list[str]) -> list[str]:
    """Single Latin letters in a row as one word: A B C Supply, ABC Supply."""
    joined: list[str] = []
    growing = False
    for word in words:
        letter = len(word) == 1 and word.isascii() and word.isalpha()
        if letter and growing:
            joined[-1] += word
        else:
            joined.append(word)
        growing = letter
    return [SAME_WORDS.get(word, word) for word in joined]


def _without_legal_form(words: list[str], *, keep: int) -> list[str]:
    while len(words) > keep and words[-1] in LEGAL_FORMS:
        words = words[:-1]
    if len(words) > 1 and words[0] in LEGAL_FORMS and not words[0].isascii():
        words = words[1:]  # Russian and Japanese forms stand in front
    return words


def _without_article(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1] == "the":
        words = words[:-1]
    return words
