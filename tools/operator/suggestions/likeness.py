"""What speaks for an organization and a company being one business, in the order of its weight."""

from dataclasses import replace

from rapidfuzz import fuzz

from tools.operator.suggestions.alignment import Alignment, align
from tools.operator.suggestions.values import Evidence, Grade
from tools.operator.suggestions.vocabulary import COMMON, KINDS
from tools.operator.suggestions.written import (
    Rarity,
    Written,
    compact,
    initials,
    is_own,
    says_which,
)

# From here on a suggestion holds although another organization has the same company.
KIN = 84
_ALIKE_FROM = 70
_SHORTENED_FROM = 20  # ConnectWise identifiers are cut off: the start of a name will do from here


def likeness(organization: Written, company: Written, rarity: Rarity) -> Evidence | None:
    """The strongest evidence, or none. Names that are equal are graded by who else has them."""
    found = [
        evidence
        for rule in (_same_name, _identifier, _words, _place_of, _first_letters, _alike)
        if (evidence := rule(organization, company, rarity))
    ]
    if not found:
        return None
    alike = round(fuzz.token_sort_ratio(organization.key, company.key))
    return replace(max(found, key=lambda one: (one.grade, one.confidence)), alike=alike)


def _likely(confidence: int, reason: str) -> Evidence:
    return Evidence(Grade.LIKELY, confidence, reason)


def _possible(confidence: int, reason: str) -> Evidence:
    return Evidence(Grade.POSSIBLE, confidence, reason)


def _same_name(organization: Written, company: Written, _: Rarity) -> Evidence | None:
    if organization.key == company.key:
        return _likely(100, _same_but_for(organization.raw, company.raw))
    shared = sorted(set(organization.names) & set(company.names))
    if shared:
        return _likely(94, f"other or former name '{shared[0]}'")
    if set(map(compact, organization.names)) & set(map(compact, company.names)):
        return _likely(96, "same name but for spaces")
    return None


def _same_but_for(one: str, other: str) -> str:
    if one == other:
        return "same name"
    if one.casefold() == other.casefold():
        return "same name but for capitals"
    return "same name but for legal form, punctuation, accents or a customary abbreviation"


def _identifier(organization: Written, company: Written, _: Rarity) -> Evidence | None:
    identifier = company.identifier
    if len(identifier) < 3 or compact(company.names[0]).startswith(identifier):
        return None  # tells nothing that the company's name does not
    for name in organization.names:
        same = compact(name) == identifier
        if same and (len(identifier) > 4 or len(name.split()) == 1) and identifier not in COMMON:
            return _likely(88, f"ConnectWise identifier '{identifier.upper()}' is the name")
        if len(identifier) >= _SHORTENED_FROM and compact(name).startswith(identifier):
            return _likely(82, f"name begins as ConnectWise identifier '{identifier.upper()}'")
        if len(identifier) > 3 and initials(name.split()) == identifier:
            return _possible(62, f"initials are ConnectWise identifier '{identifier.upper()}'")
    return None


def _words(organization: Written, company: Written, rarity: Rarity) -> Evidence | None:
    """By the words that both have and the words that only one has."""
    found = (
        _of_alignment(align(ours, theirs, rarity.is_a_word), (ours, theirs), rarity)
        for ours in organization.names
        for theirs in company.names
    )
    return max(filter(None, found), key=lambda one: (one.grade, one.confidence), default=None)


def _of_alignment(words: Alignment, names: tuple[str, str], rarity: Rarity) -> Evidence | None:
    only = sorted(word for word in words.matched if rarity.only_theirs(word))
    leftover = words.telling_left + words.telling_right
    if not leftover:
        return _all_words(words, names)
    if words.telling_left and words.telling_right:
        return _possible(55, f"same unique word '{only[0]}'") if only else None
    if not only:
        shared = sorted(filter(is_own, words.matched))
        return _possible(45, f"both have '{shared[0]}', as others have") if shared else None
    if words.left[:1] == leftover and _is_client_number(leftover, names):
        return _likely(85, f"same name behind the number '{leftover[0]}'")
    if not any(word in COMMON for word in words.matched) and not _has_digit(leftover):
        return _likely(80, f"same unique word '{only[0]}'")
    reason = f"same unique word '{only[0]}'; only one of them has '{' '.join(leftover)}'"
    return _likely(76, reason) if all(map(is_own, leftover)) else _possible(65, reason)


def _all_words(words: Alignment, names: tuple[str, str]) -> Evidence | None:
    if not says_which(words.matched):
        return None
    if KINDS & set(words.left) and KINDS & set(words.right):
        differing = f"'{' '.join(words.left)}' and '{' '.join(words.right)}'"
        return _possible(68, f"same name but for {differing}")
    if words.near:
        return _likely(88, ", ".join(f"'{one}' for '{other}'" for one, other in words.near))
    aside = words.left + words.right
    ours, theirs = ([word for word in name.split() if word in words.equal] for name in names)
    same = "same name" if ours == theirs else "same words in another order"
    return _likely(92, f"{same} but for '{' '.join(aside)}'" if aside else same)


def _is_client_number(leftover: tuple[str, ...], names: tuple[str, str]) -> bool:
    """1043 - Tidewater Supply: a number of three digits or more in front."""
    number = leftover[0]
    rest = names[0].removeprefix(number + " ")
    return len(number) > 2 and number.isdigit() and rest == names[1] and not _has_digit((rest,))


def _has_digit(words: tuple[str, ...]) -> bool:
    return any(character.isdigit() for word in words for character in word)


def _place_of(organization: Written, company: Written, _: Rarity) -> Evidence | None:
    """A site of a business of several: likely if the other name has no place of its own."""
    if organization.place_of in company.names and says_which(organization.place_of.split()):
        return _likely(86, f"a site of '{company.raw}'")
    if company.place_of in organization.names and says_which(company.place_of.split()):
        return _likely(81, f"'{company.raw}' is a site of it")
    return None


def _first_letters(organization: Written, company: Written, _: Rarity) -> Evidence | None:
    for short, long in ((organization, company), (company, organization)):
        for name in long.names:
            letters = initials(name.split())
            if len(letters) > 2 and letters in short.names:
                reason = f"'{letters.upper()}' are the initials of '{name}'"
                return _likely(80, reason) if len(letters) > 3 else _possible(60, reason)
    return None


def _alike(organization: Written, company: Written, _: Rarity) -> Evidence | None:
    alike = round(fuzz.token_sort_ratio(organization.key, company.key))
    if alike < _ALIKE_FROM:
        return None
    return _possible(alike * 2 // 3, f"{alike} % alike")
