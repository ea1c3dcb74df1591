"""The file's numbers by organization: whole, summed, and equal to its totals line."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from billing_sync.domain.vendors.usage import Product
from tools.operator.errors import Refused
from tools.operator.usage_file.columns import Columns
from tools.operator.usage_file.document import Document, Line

Counts = dict[Product, int]
_TOTALS = frozenset({"", "total", "totals", "grand total", "sum"})
_NOTHING_SAID = frozenset({"", "-", "\N{EN DASH}"})


@dataclass(frozen=True, slots=True)
class Counted:
    """Units by the organizations' names as in the file; a product that it does not have is absent.

    `lines` are the line numbers behind each name, `totals_line` the one that was checked, or 0.
    """

    units: dict[str, Counts]
    lines: dict[str, tuple[int, ...]]
    totals_line: int = 0


def count(document: Document, columns: Columns, known: Collection[str]) -> Counted:
    """The file's counts; raises `Refused` naming line, column, value and way out.

    A last line without a name, or called "Total" where no organization of the `known` is, must be
    the sum of the others.
    """
    _refuse_identical(document)
    reading = _Reading(document, columns)
    *lines, last = document.lines
    totals = (
        reading.name(last).casefold().rstrip(":") in _TOTALS and reading.name(last) not in known
    )
    own = lines if totals else [*lines, last]
    units: dict[str, Counts] = {}
    numbers: dict[str, tuple[int, ...]] = {}
    for line in own:
        name = reading.name(line)
        if not name:
            raise Refused(f"{reading.at(line)} no organization is named. Correct or remove it.")
        units[name] = _sum([units.get(name, {}), reading.units(line)])
        numbers[name] = (*numbers.get(name, ()), line.number)
    if totals:
        reading.refuse_other_totals(last, _sum(units.values()))
    if not any(units.values()):
        raise Refused(f"{document.name} has no count in its columns {', '.join(columns.units)}.")
    return Counted(units, numbers, last.number if totals else 0)


def _refuse_identical(document: Document) -> None:
    first: dict[tuple[str, ...], int] = {}
    for line in document.lines:
        if line.cells in first:
            raise Refused(
                f"{document.name}, lines {first[line.cells]} and {line.number} are the same, cell"
                " by cell: counted twice, or copied twice? Remove one, or add their numbers up in"
                " one line."
            )
        first[line.cells] = line.number


def _sum(counts: Iterable[Counts]) -> Counts:
    total: Counts = {}
    for each in counts:
        for product, units in each.items():
            total[product] = total.get(product, 0) + units
    return total


@dataclass(frozen=True, slots=True)
class _Reading:
    document: Document
    columns: Columns

    def at(self, line: Line) -> str:
        return f"{self.document.name}, line {line.number}:"

    def name(self, line: Line) -> str:
        return line.cells[self.document.heading.index(self.columns.organization)]

    def units(self, line: Line) -> Counts:
        """The line's counts; an empty cell or a dash is no count, not zero."""
        counts: list[Counts] = []
        for column, product in self.columns.units.items():
            text = line.cells[self.document.heading.index(column)]
            if text in _NOTHING_SAID:
                continue
            if not (text.isascii() and text.isdecimal()):
                raise Refused(
                    f"{self.at(line)} {column} is '{text}', which is no whole number of units."
                    " Write it with digits only, without separators, as in 1204."
                )
            counts.append({product: int(text)})
        return _sum(counts)

    def refuse_other_totals(self, line: Line, sums: Counts) -> None:
        for product, total in self.units(line).items():
            if total != sums.get(product, 0):
                raise Refused(
                    f"{self.at(line)} the totals say {total} {product}, and the lines above total"
                    f" {sums.get(product, 0)}. Lines are missing or were changed; take a fresh copy"
                    " of the report."
                )
