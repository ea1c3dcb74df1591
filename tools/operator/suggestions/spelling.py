"""Whether two words are two writings of one."""

import re
from collections.abc import Callable

from rapidfuzz.distance import OSA

from tools.operator.suggestions.vocabulary import COMMON, SHORT_FOR

_FAMILY_ENDINGS = ("sen", "son", "man", "mann")


def abbreviates(short: str, long: str) -> bool:
    """Whether `short` is `long` cut off, or its consonants: Univ, Hosp, Assn."""
    if SHORT_FOR.get(short) == long:
        return True
    if not (2 < len(short) < 6 and len(long) - len(short) > 2) or not (short + long).isalpha():
        return False
    if short in COMMON and short not in {"tech", "vet"}:
        return False  # a park is no parker, and a farm no farmington
    cut_off = long.startswith(short) and short[-1] not in "aeiou"
    skeleton = ".*".join(short)
    return cut_off or (not re.search("[aeiou]", short[1:]) and bool(re.match(skeleton, long)))


def is_mistyped(one: str, other: str, is_a_word: Callable[[str], bool]) -> bool:
    """Whether one slip of the keyboard lies between two words, and no meaning does.

    Digits always mean, and so does a last letter (Maria, Mario) and what many names have
    (`is_a_word`): Optical is not Optimal mistyped.
    """
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 5 or not (one + other).isalpha():
        return False
    if is_a_word(one) and is_a_word(other):
        return False
    if one[0] != other[0] or (shorter[-1] != longer[-1] and longer != shorter + "s"):
        return False
    if one[-3:] != other[-3:] and one.endswith(_FAMILY_ENDINGS) and other.endswith(_FAMILY_ENDINGS):
        return False  # Petersen and Peterson are two families
    slips = OSA.distance(shorter, longer, score_cutoff=2)
    replaced = len(shorter) == len(longer) and sorted(shorter) != sorted(longer)
    allowed = 2 if len(shorter) > 9 else 0 if replaced and len(shorter) < 7 else 1
    return slips <= allowed
