"""Mappings as a CSV file that a spreadsheet may open: what comes in is what went out.

UTF-8, commas, lines that end in CR LF. A text that a spreadsheet would run as a formula begins with
an apostrophe in the file, which reading takes off again.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields

from tools.operator.errors import Refused
from tools.operator.mapping.entry import Line

COLUMNS = (*(each.name for each in fields(Line)), "seen")
# At the beginning of a text, or of what another separator would make a text of its own.
_RUNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf"(^|[;\t\r\n])('*[{_RUNS}])")
_DEFUSED = re.compile(rf"(^|[;\t\r\n])'('*[{_RUNS}])")
_SEPARATORS = (",", ";", "\t")
_AS_EXCEL = "In Excel: File > Save As > CSV UTF-8 (Comma delimited)."


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: the number of its first line there, and its texts by column."""

    number: int
    cells: dict[str, str]


def sheet(lines: Iterable[Line]) -> bytes:
    """The file: organizations by id, then companies by id; the same bytes for the same meaning."""
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(COLUMNS)
    in_order = sorted(lines, key=lambda line: (line.key[1].startswith("COMPANY"), line.id))
    for line in in_order:
        out.writerow([*(defused(_cell(value)) for value in astuple(line)), line.seen])
    return text.getvalue().encode()


def rows(content: bytes) -> Iterator[Row]:
    """The file's lines, empty ones left out; raises `Refused` where it is no such file."""
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    heading: list[str] = []
    number = 1
    try:
        for cells in reader:
            if not heading:
                heading = _heading(cells)
            elif any(cell.strip() for cell in cells):
                yield Row(number, _named(number, heading, cells))
            number = reader.line_num + 1
    except csv.Error as error:
        raise Refused(f"line {number}: {error}. Is a quotation mark missing there?") from error
    if not heading:
        raise Refused(f"the file is empty; its first line must be {','.join(COLUMNS)}.")


def defused(text: str) -> str:
    """The text as no spreadsheet runs it."""
    return _FORMULA.sub(r"\1'\2", text)


def as_meant(text: str) -> str:
    """The text that `defused` was given."""
    return _DEFUSED.sub(r"\1\2", text)


def _cell(value: object) -> str:
    return "" if value in (0, "") else str(value)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"the file is UTF-16, which this does not read. {_AS_EXCEL}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(f"line {line}: there is a letter that is no UTF-8. {_AS_EXCEL}") from error


def _separator(text: str) -> str:
    """Excel writes the separator of the country it is in."""
    first = text.splitlines()[0] if text else ""
    return max(_SEPARATORS, key=first.count)


def _heading(cells: list[str]) -> list[str]:
    heading = [cell.strip().casefold() for cell in cells]
    while heading and not heading[-1]:
        heading.pop()
    missing = [name for name in COLUMNS if name not in heading]
    unknown = [name or "(empty)" for name in heading if name not in COLUMNS]
    twice = [name for name in COLUMNS if heading.count(name) > 1]
    complaints = (("missing", missing), ("unknown", unknown), ("there twice", twice))
    wrong = [f"{', '.join(names)} {complaint}" for complaint, names in complaints if names]
    if wrong:
        raise Refused(
            f"line 1: the headings must be {','.join(COLUMNS)}; {'; '.join(wrong)}. Start from what"
            " 'billing-sync mappings export' writes."
        )
    return heading


def _named(number: int, heading: list[str], cells: list[str]) -> dict[str, str]:
    if any(cell.strip() for cell in cells[len(heading) :]):
        raise Refused(
            f"line {number}: there are {len(cells)} values for {len(heading)} columns. Put a text"
            " with a comma or a line break in quotation marks."
        )
    padded = [*cells, *[""] * len(heading)]
    return {
        name: as_meant(cell.strip()).strip() for name, cell in zip(heading, padded, strict=False)
    }
