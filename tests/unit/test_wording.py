"""Texts that people read use plain business English and no internal name.

`wording_offenders.txt` lists, by file and phrase, what is not reworded yet. It only shrinks:
`python -m tests.unit.test_wording` removes what is gone from it and adds nothing. The lines of a
file that moves get its new path by hand.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LISTED = Path(__file__).with_name("wording_offenders.txt")
CODE = ("layers/**/*.py", "functions/**/*.py", "infra/**/*.py", "tools/operator/**/*.py")
PAGES = ("docs/**/*.md", "tests/contracts/golden/mail/*.txt")  # the mails as they are sent
PROSE = re.compile(r"[a-z]{2,}[,;:]? \{?[a-z]{2,}| / |^msg$")  # no other key, path or expression
QUOTED = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)  # commands and fields in a page

THEM = r"(?:\w+ )?"
WORDS = (
    "tells?|told|telling|speaks? of|wants?|wanted|comes? to|came to|ma[dk]es? known",
    "(?:without a|leaves|a person's) word",
    f"mend(?:s|ed|ing)?|puts? {THEM}right|(?:sets?|setting|takes?|took|taken) {THEM}back",
    "in force|(?:it|that|default|mapping|rule) holds(?= *[.;,:]|$)|stands?(?!-)|stood",
    "nobody is|nobody's|to nobody|bills? nobody|so already|if right",
    "nothing was done|unknown for zero|bores?|starves?|meddles?|is in no row",
    "once more, please|does not take these",
    "Input should be|Extra inputs|Field required",
)
KEYS = (
    r"(?:MAPPING|SETTINGS|COMPANY|RUNS?|INVOICE|USAGE) ?/ ?[A-Z{]\w*",
    r"(?:ORG|COMPANY|ADDITION|REMAINDER|ROW|RUN|INVOICE|USAGE|STRAY|DRIFT|OPEN|READ|CHECK)#",
    r"[ps]k\b",
    r"msg$",  # with this key, code takes a sentence of pydantic's
)
Place = tuple[str, str]  # file, phrase
FIELDS = {"not_billed"}  # values that are also attributes which people set


def test_no_text_has_an_internal_name_or_a_word_to_avoid() -> None:
    known = listed()
    new = [each for place, found in offenders().items() for each in found[known[place] :]]

    assert not new, "reword these (or others of the same file and phrase):\n" + "\n".join(new)


def test_what_is_reworded_is_no_longer_listed() -> None:
    gone = listed() - times()

    assert not gone, f"run `python -m tests.unit.test_wording` and commit the list: {dict(gone)}"


def test_strings_and_help_texts_are_read_but_no_docstrings_and_no_keys() -> None:
    code = '''
@group.command("list")
def show():
    """Tell what is in force."""
    return f"{name}: mend {f'what stands at {key}'}, then add " "MAPPING / ORG#7"

def inner():
    """Nobody is told."""
'''
    found = [each for _, text in texts(ast.parse(code)) for each in phrases().findall(text)]

    assert found == ["Tell", "in force", "mend", "MAPPING / ORG", "stands"]
    assert not PROSE.search("ORG#7")


@cache
def offenders() -> dict[Place, list[str]]:
    """A line for each time that a phrase is in a text."""
    found: dict[Place, list[str]] = defaultdict(list)
    for file, line, text in seen_by_people():
        for match in phrases().finditer(text):
            found[file, match[0].lower()].append(f"{file}:{line}: '{match[0]}' in: {text}")
    return found


def times() -> Counter[Place]:
    return Counter({place: len(found) for place, found in offenders().items()})


def seen_by_people() -> Iterator[tuple[str, int, str]]:
    """File, line and text."""
    for path in (path for each in CODE for path in ROOT.glob(each)):
        for line, text in texts(ast.parse(path.read_text("utf-8"))):
            if PROSE.search(text):
                yield str(path.relative_to(ROOT)), line, text
    for path in (path for each in PAGES for path in ROOT.glob(each)):
        page = QUOTED.sub(lambda quoted: "\n" * quoted[0].count("\n"), path.read_text("utf-8"))
        for line, text in enumerate(page.splitlines(), start=1):
            yield str(path.relative_to(ROOT)), line, text


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of each string; of docstrings, those of commands."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Constant(value=str(text)):
            yield node.lineno, text
        case ast.JoinedStr(values=parts):
            known = (each.value if isinstance(each, ast.Constant) else "{}" for each in parts)
            yield node.lineno, "".join(map(str, known))
        case ast.FunctionDef(decorator_list=above):
            if re.search(r"\.(command|group)\(", " ".join(map(ast.unparse, above))):
                yield node.lineno, ast.get_docstring(node) or ""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from texts(child)


@cache
def phrases() -> re.Pattern[str]:
    """Words, storage keys, names and values of enums."""
    code = "".join(path.read_text("utf-8") for path in ROOT.glob(CODE[0]))
    names = re.findall(r"^class (\w+)\(StrEnum\)", code, re.MULTILINE)
    values = set(re.findall(r'^    [A-Z_]+ = "([a-z]+_[a-z_]+)"$', code, re.MULTILINE)) - FIELDS
    enums = rf"(?:{'|'.join(names)})\.[A-Z]\w+|(?:{'|'.join(values)})\b"
    return re.compile(rf"(?i:\b(?:{'|'.join(WORDS)})(?!\w))|\b(?:{'|'.join(KEYS)}|{enums})")


def listed() -> Counter[Place]:
    lines = (line.split(": ") for line in LISTED.read_text("utf-8").splitlines())
    return Counter({(file, phrase): int(times) for file, phrase, times in lines})


if __name__ == "__main__":
    kept = sorted((listed() & times()).items())
    LISTED.write_text("".join(f"{file}: {phrase}: {many}\n" for (file, phrase), many in kept))
