"""Whether two normalised names are two spellings of one, or one is the other with more words."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from tools.operator.suggestions.normal import FILLERS, word_list

# They begin other words (Parkview, Farmington) and abbreviate none.
_WHOLE_WORDS = word_list("bay brook farm field hill park port sun water wood")


def respelled(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of words spelled differently, if the names differ only in those; else empty."""
    if len(left) != len(right):
        return []
    pairs = [pair for pair in zip(left, right, strict=True) if pair[0] != pair[1]]
    return pairs if all(_is_one_word(*sorted(pair, key=len)) for pair in pairs) else []


def extends(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the long name has all words of the short one, and further ones not only at the end.

    A word at the end is often a trade or a place, and a number distinguishes sites.
    """
    words = [word for word in short if word not in FILLERS]
    further = set(long) - set(words)
    return (
        len(words) > 1
        and set(words) <= set(long)
        and list(long[: len(words)]) != words
        and not any(map(_has_digit, further))
    )


def _is_one_word(short: str, long: str) -> bool:
    """An abbreviation (Hosp), or a typing mistake: never a digit, the first or last letter.

    One letter for another is a mistake only in long words: Petersen and Peterson are two families.
    """
    if not (short + long).isalpha() or short[0] != long[0]:
        return False
    if len(short) < 6 and len(long) - len(short) > 2 and short not in _WHOLE_WORDS:
        return long.startswith(short) and short[-1] not in "aeiou"
    if len(short) < 5 or short[-1] != long[-1]:
        return False
    replaced = len(short) == len(long) and sorted(short) != sorted(long)
    return OSA.distance(short, long) <= (2 if len(short) > 9 else 0 if replaced else 1)


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))
