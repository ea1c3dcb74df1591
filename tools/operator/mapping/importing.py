"""What importing a file changes, and why it may be too old for the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.operator.config_book import AT_ONCE, ConfigBook, Edit
from tools.operator.errors import Refused
from tools.operator.mapping.batch_write import write_all
from tools.operator.mapping.entry import Line
from tools.operator.mapping.reading import FileLine
from tools.operator.mapping.table import MappingTable


@dataclass(frozen=True, slots=True)
class Replacement:
    """A mapping as it is (None: there is none) and as the file has it."""

    was: Line | None
    now: Line


@dataclass(frozen=True, slots=True)
class Import:
    """A file against a table. `kept` are mappings that the file does not name and that stay."""

    table: MappingTable
    replacements: tuple[Replacement, ...]
    unchanged: int
    kept: int

    @classmethod
    def of(cls, lines: Sequence[FileLine], table: MappingTable) -> "Import":
        """Compare; raises `Refused` naming every line that is older than the table."""
        fills = _fills_empty(table, lines)
        differing = [row for row in lines if table.lines.get(row.line.key) != row.line]
        older = [
            f"line {row.number}: {why}"
            for row in differing
            if (why := _why_older(row, table, fills=fills))
        ]
        if older:
            reasons = "\n".join(f"- {each}" for each in older)
            raise Refused(
                f"the file is older than the table, so no changes were made:\n{reasons}\nDelete"
                " these lines from the file, or export again and make your changes there."
            )
        return cls(
            table=table,
            replacements=tuple(Replacement(table.lines.get(o.line.key), o.line) for o in differing),
            unchanged=len(lines) - len(differing),
            kept=len(table.items.keys() - {row.line.key for row in lines}),
        )

    @property
    def nothing_to_do(self) -> bool:
        """Whether the table is as the file says."""
        return not self.replacements

    def write(self, book: ConfigBook) -> None:
        """Make the changes; raises what `write_all` raises."""
        lines = [replacement.now for replacement in self.replacements]
        write_all(book, [Edit(self.table.item(line), book.signed(line.item())) for line in lines])


def _fills_empty(table: MappingTable, lines: Sequence[FileLine]) -> bool:
    """Whether the table is empty, or was before an import of these lines was cut off.

    That leaves the first hundreds of the lines in the table, and none of those after them.
    """
    missing = [at for at, row in enumerate(lines) if row.line.key not in table.items]
    made = missing[0] if missing else len(lines)
    later = any(table.lines.get(row.line.key) == row.line for row in lines[made:])
    return not table.items or (made > 0 and made % AT_ONCE == 0 and not later)


def _why_older(row: FileLine, table: MappingTable, *, fills: bool) -> str:
    """Why a line that differs from the table may not replace what is there; "" if it may."""
    line, now = row.line, table.lines.get(row.line.key)
    if line.key in table.items and now is None:
        wrong = next(each for each in table.wrong if each.key == " / ".join(line.key))
        return f"{line.called} is wrong in the table ({wrong.reason}); fix or remove it there first"
    if now is None:
        if fills or not row.seen:
            return ""
        return (
            f"{line.called} was removed from the table since the export; to add it again, empty its"
            " 'seen'"
        )
    if row.seen == now.seen:
        return ""
    if not row.seen:
        return f"{line.called} is in the table already: {now.means()}; the line has no 'seen'"
    return f"{line.called} was changed since the export, now {now.means()}"
