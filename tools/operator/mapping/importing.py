"""What importing a file changes, and why it may be too old for the table."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from tools.operator.config_book import AT_ONCE, ConfigBook, Edit
from tools.operator.errors import Refused
from tools.operator.mapping.batch_write import write_all
from tools.operator.mapping.entry import Line
from tools.operator.mapping.reading import FileLine
from tools.operator.mapping.sheet import sheet
from tools.operator.mapping.table import MOVING_IN, MappingTable


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
    file: str

    @classmethod
    def of(cls, lines: Sequence[FileLine], table: MappingTable) -> "Import":
        """Compare; raises `Refused` naming every line that is older than the table."""
        file = hashlib.sha256(sheet(one.line for one in lines)).hexdigest()
        goes_on = table.moving_in is not None and table.moving_in["file"] == file
        anything_goes = not table.items or goes_on
        differing = [one for one in lines if table.lines.get(one.line.key) != one.line]
        older = [
            f"line {one.number}: {why}"
            for one in differing
            if (why := _why_older(one, table, anything_goes=anything_goes))
        ]
        if older:
            told = "\n".join(f"- {each}" for each in older)
            raise Refused(
                f"the file is older than the table, and nothing was written:\n{told}\nExport again"
                " and make your changes there."
            )
        return cls(
            table=table,
            replacements=tuple(Replacement(table.lines.get(o.line.key), o.line) for o in differing),
            unchanged=len(lines) - len(differing),
            kept=len(table.items.keys() - {one.line.key for one in lines}),
            file=file,
        )

    @property
    def nothing_to_do(self) -> bool:
        """Whether the table is as the file says."""
        return not self.replacements and self.table.moving_in is None

    def write(self, book: ConfigBook) -> None:
        """Make the changes, all or none; raises what `write_all` raises."""
        edits = [
            Edit(self.table.item(one.now), book.signed(one.now.item())) for one in self.replacements
        ]
        mark = self.table.moving_in
        if not self.table.items and len(edits) > AT_ONCE:
            pk, sk = MOVING_IN
            mark = book.signed({"pk": pk, "sk": sk, "file": self.file})
            edits.insert(0, Edit(self.table.moving_in, mark))
        write_all(book, [*edits, *([Edit(mark, None)] if mark else [])])


def _why_older(one: FileLine, table: MappingTable, *, anything_goes: bool) -> str:
    """Why a line that differs from the table may not replace what is there; "" if it may."""
    line, now = one.line, table.lines.get(one.line.key)
    if line.key in table.items and now is None:
        wrong = next(each for each in table.wrong if each.key == " / ".join(line.key))
        return f"{line.called} is wrong in the table ({wrong.told}); fix or remove it there first"
    if now is None:
        removed = one.seen and not anything_goes
        return f"{line.called} was removed from the table since the export" if removed else ""
    if one.seen == now.seen:
        return ""
    if not one.seen:
        return f"{line.called} is in the table already: {now.means()}; the line has no 'seen'"
    return f"{line.called} was changed since the export, now {now.means()}"
