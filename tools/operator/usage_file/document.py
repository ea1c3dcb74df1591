"""A CSV file as it is: its heading and lines, or why it cannot be read."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

from tools.operator.errors import Refused

_SEPARATORS = (",", ";", "\t", "|")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_AS_CSV = "Save it as 'CSV UTF-8' and give that file."


@dataclass(frozen=True, slots=True)
class Line:
    """One line below the heading: its number in the file, and its cells without outer spaces."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The file's name, the SHA-256 of its bytes, its heading and the lines below that."""

    name: str
    sha256: str
    heading: tuple[str, ...]
    lines: tuple[Line, ...]


def read_document(path: Path) -> Document:
    """The file at this path; raises `Refused` with the reason and the way out."""
    data = path.read_bytes()
    text = _decoded(path.name, data)
    separator = _separator(path.name, text)
    lines = _lines(path.name, text, separator)
    if len(lines) < 2:
        raise Refused(f"{path.name} has a heading and no lines below it: nothing to import.")
    heading, *below = lines
    for line in below:
        if len(line.cells) != len(heading.cells):
            raise Refused(
                f"{path.name}, line {line.number}: it has {len(line.cells)} values and the heading"
                f" {len(heading.cells)}. A name with '{separator}' in it must be in quotes."
            )
    return Document(path.name, hashlib.sha256(data).hexdigest(), heading.cells, tuple(below))


def _decoded(name: str, data: bytes) -> str:
    if not data.strip():
        raise Refused(f"{name} is empty.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Refused(f"{name} is a workbook or a PDF, not a CSV file. {_AS_CSV}")
    try:
        return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refused(f"{name}, line {line}: it is not UTF-8 text. {_AS_CSV}") from None


def _separator(name: str, text: str) -> str:
    """The separator by which the heading has the most columns."""
    first = next(line for line in text.splitlines() if line.strip())
    columns = {each: len(next(csv.reader([first], delimiter=each))) for each in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda each: columns[each])
    if columns[best] < 2:
        raise Refused(
            f"{name} has one column only, '{first.strip()[:60]}'. The first line must be the"
            " heading, with commas, semicolons or tabs between its columns."
        )
    return best


def _lines(name: str, text: str, separator: str) -> list[Line]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        read = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise Refused(f"{name}, line {reader.line_num}: {error}. Check its quotes.") from error
    stripped = ((number, tuple(cell.strip() for cell in cells)) for number, cells in read)
    return [Line(number, cells) for number, cells in stripped if any(cells)]
