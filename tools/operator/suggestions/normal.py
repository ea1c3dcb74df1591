"""One spelling for each name, so that names which differ only in how they are written are equal.

What distinguishes businesses stays: places, numbers, the order of words, letters of every script.
"""

import re
import unicodedata


def word_list(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# How a business is owned, which does not identify it. Only at the end of a name. "Co", "NV", "PA"
# and "SA" may also be places and are only weak.
_LEGAL_FORMS = word_list("ооо оао зао пао ип ао") | word_list(  # noqa: RUF001 - Cyrillic
    """
    inc incorporated llc ltd limited corp corporation gmbh mbh ug kg ohg gbr pty pte plc
    llp lp pllc pc lllp bv vof cv bvba sarl srl sprl sas eurl oy oyj aps asa kk sdn bhd
    ltda eirl sro doo dd zrt kft 株式会社 有限会社 合同会社
    """
)
_LEFT_OUT_AT_THE_END = _LEGAL_FORMS | {"the"}
# Russian and Japanese forms come first.
_LEFT_OUT_IN_FRONT = frozenset(word for word in _LEGAL_FORMS if not word.isascii()) | {"the"}

# Words that hold a name together.
FILLERS = word_list(
    """
    and of the for at in y und et e de la le les los las del di da du der die das com net org www
    """
)

# Words that one of the two names may leave out. Two different ones distinguish two businesses.
WEAK = FILLERS | word_list(
    """
    group holding holdings svc enterprise solution partner assoc ventures intl worldwide global
    america co pa nv sa ag as ab se sc al us usa uk na hq headquarters
    """
)

# Customary abbreviations. Only those with a single long form: "ins", "dist" and "assn" are not
# here. "st" is a saint and a street.
_SAME_WORDS = {
    variant: word
    for word, variants in {
        "st": "saint street",
        "mt": "mount",
        "ft": "fort",
        "dr": "doctor",
        "ave": "avenue",
        "rd": "road",
        "blvd": "boulevard",
        "mfg": "manufacturing mfr",
        "svc": "service services svcs svs",
        "assoc": "associate associates assocs",
        "intl": "international",
        "natl": "national",
        "bros": "brothers",
        "dept": "department",
        "ctr": "center centre cntr",
        "univ": "university",
        "mgmt": "management mgt mngmt",
        "construction": "constr",
        "technology": "technologies",
        "govt": "government",
        "enterprise": "enterprises",
        "solution": "solutions",
        "partner": "partners",
        "theater": "theatre",
        "first": "1st",
        "second": "2nd",
        "third": "3rd",
        "county": "cnty",
        "co": "company",
        "twp": "township",
    }.items()
    for variant in variants.split()
}

_LETTERS_WITHOUT_BASE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i"}  # noqa: RUF001
)
_SEPARATORS = re.compile(r"\s[-–—|:]|[-–—|:]\s|[()\[\];]")  # noqa: RUF001
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")  # noqa: RUF001 - typed by people
_ACCENTS = re.compile("[\u0300-\u036f]")  # marks of other scripts make other letters
_BETWEEN_LETTERS = re.compile(r"(?<=\b[a-z]) +(?=[a-z]\b)")


def normalised(name: str) -> str:
    """The name in its one spelling, its parts (a site, a note) between dashes.

    Empty if nothing in it is a letter or a digit. Normalising again changes nothing.
    """
    parts = [words for part in _SEPARATORS.split(_folded(name)) if (words := _words_of(part))]
    telling = [words for words in parts[1:] if not set(words) <= _LEGAL_FORMS]
    return " - ".join(map(" ".join, parts[:1] + telling))


def _folded(name: str) -> str:
    """Without capitals, accents and hidden characters."""
    text = "".join(c for c in name if unicodedata.category(c) != "Cf")
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text).translate(_LETTERS_WITHOUT_BASE)


def _words_of(part: str) -> list[str]:
    text = _APOSTROPHES.sub("", part).replace("&", " and ").replace("+", " and ")
    text = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    text = _BETWEEN_LETTERS.sub("", text)  # A.B.C. Supply is ABC Supply
    words = [_SAME_WORDS.get(word, word) for word in text.split() if any(map(str.isalnum, word))]
    while len(words) > 1 and words[0] in _LEFT_OUT_IN_FRONT:
        words = words[1:]
    while len(words) > 1 and words[-1] in _LEFT_OUT_AT_THE_END:
        words = words[:-1]
    return words
