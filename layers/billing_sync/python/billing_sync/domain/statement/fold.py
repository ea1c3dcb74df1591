"""Folding a statement: what each writing run did to the units of an invoice, in their order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.errors import Fatal
from billing_sync.domain.plan.plan import Part, ProductTieOut, Remainder, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.plan.tie_out import where_units_ended
from billing_sync.domain.statement.statement import (
    Decision,
    Line,
    NotPlanned,
    Statement,
    cells_of,
)
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage, Product

LineKey = tuple[int, str]  # company id, and the row's key within it


class Pass(StrEnum):
    """The effect of a writing run on a statement: plan units, or change lines planned before."""

    SYNC = "sync"
    RELEASE = "release"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class WritingRun:
    """A committed run that may write, as the fold reads it; `turn` orders such runs.

    `invoice` is the key of its own invoice, `companies` narrowed it, () is all. `by` is as stated.
    """

    run_id: str
    turn: int
    kind: Pass
    invoice: str
    by: str
    planned_at: datetime | None
    states: tuple[RowState, ...]
    remainders: tuple[Remainder, ...] = ()
    companies: tuple[int, ...] = ()


def fold(
    usage: Iterable[OrganizationUsage],
    runs: Iterable[WritingRun],
    decisions: Iterable[Decision] = (),
    *,
    invoice: str,
) -> Statement:
    """The statement of this invoice (its key in the ledger) from its usage and its runs.

    Units come from the newest sync that planned them. A release or an undo changes the outcome of
    the line it copied. What was counted anew since it was planned is not planned yet.
    """
    folded = _Fold()
    for run in sorted(runs, key=lambda run: run.turn):
        if run.kind is Pass.UNDO:  # guard: undo-plans-nothing
            folded.undo(run)
        elif run.kind is Pass.RELEASE:
            folded.release(_own(run, invoice))
        else:
            folded.plan(_own(run, invoice), complete=run.invoice == invoice)
            folded.combine(run, invoice)
    folded.decide(decisions)
    return folded.statement(tuple(usage))


def undone_additions(runs: Iterable[WritingRun]) -> dict[int, str]:
    """The run that undid our last write, by addition; one that was written again since is not."""
    undone: dict[int, str] = {}
    for run in sorted(runs, key=lambda run: run.turn):
        for row in (state.row for state in run.states if state.done):
            if row.addition_id and row.outcome is Outcome.UPDATED:
                undone.pop(row.addition_id, None)
                if row.undoes:
                    undone[row.addition_id] = run.run_id
    return undone


@dataclass(slots=True)
class _Fold:
    lines: dict[LineKey, Line] = field(default_factory=dict)
    remainders: dict[Cell, Remainder] = field(default_factory=dict)

    def plan(self, run: WritingRun, *, complete: bool) -> None:
        """Rows and remainders replace what was planned of the same units.

        A `complete` run planned all usage of its companies: what it left out has no usage now.
        """
        planned = {cell for state in run.states for cell, _ in cells_of(state.row)}
        planned |= {(r.organization_id, r.product) for r in run.remainders}
        for key, line in tuple(self.lines.items()):
            covered = complete and (not run.companies or key[0] in run.companies)
            # guard: left-out-is-gone
            left = None if covered else _without(line.row, planned)
            if left is None:
                del self.lines[key]
            else:
                self.lines[key] = replace(line, row=left)
        for cell in planned & self.remainders.keys():
            del self.remainders[cell]
        for state in run.states:
            self.lines[_key(state.row)] = Line(state.row, planned_by=run.run_id, applied=state.done)
        self.remainders |= {(r.organization_id, r.product): r for r in run.remainders}

    def combine(self, run: WritingRun, invoice: str) -> None:
        """Rows that bill units of several invoices name the others.

        What was unknown here and is planned for another invoice is no longer waited for here.
        """
        elsewhere: set[Cell] = set()
        for state in run.states:
            keys = {(cell, s.invoice or run.invoice) for cell, s in cells_of(state.row)}
            elsewhere |= {cell for cell, key in keys if key != invoice}
            others = {key for _, key in keys} - {invoice}
            line = self.lines.get(_key(state.row))
            if line and line.planned_by == run.run_id:
                self.lines[_key(state.row)] = replace(line, together_with=tuple(sorted(others)))
        for line_key, line in tuple(self.lines.items()):
            unknown = {cell for cell, source in cells_of(line.row) if source.units is None}
            left = _without(line.row, unknown & elsewhere)
            if left is None:
                del self.lines[line_key]
            else:
                self.lines[line_key] = replace(line, row=left)

    def release(self, run: WritingRun) -> None:
        """A copied line has a new outcome; the rows of a preview are planned by their release."""
        before = dict(self.lines)
        anew = tuple(s for s in run.states if not _same_units(before.get(_key(s.row)), s.row))
        self.plan(replace(run, states=anew), complete=False)
        for state in run.states:
            line = before.get(_key(state.row))
            planned_by = line.planned_by if line else run.run_id
            self.lines[_key(state.row)] = Line(
                state.row,
                planned_by,
                released_by=run.run_id,
                applied=state.done,
                together_with=line.together_with if line else (),
            )

    def undo(self, run: WritingRun) -> None:
        """A row that an undo wrote is no longer as planned; an undo of that undo restores it."""
        by_addition = {line.row.addition_id: key for key, line in self.lines.items()}
        for state in run.states:
            key = by_addition.get(state.row.addition_id)
            written = state.done and state.row.outcome is Outcome.UPDATED
            if key is None or not written:
                continue
            line = self.lines[key]
            back = state.row.target == line.row.target
            self.lines[key] = replace(
                line,
                row=replace(line.row, outcome=Outcome.UPDATED, reason=Reason.NONE)
                if back
                else replace(line.row, outcome=Outcome.HELD, reason=Reason.UNDONE),
                undone_by="" if back else run.run_id,
            )

    def decide(self, decisions: Iterable[Decision]) -> None:
        """A decision applies to the row of the run that it names, not to a newer one."""
        for decision in decisions:
            line = self.lines.get((decision.company_id, decision.key))
            if line and decision.run_id == line.last_run:
                self.lines[decision.company_id, decision.key] = replace(line, declined=decision)

    def statement(self, usage: tuple[OrganizationUsage, ...]) -> Statement:
        """The lines that agree with the usage as frozen now, and the usage that is in no line."""
        counted = {
            (organization.organization_id, reading.product): (organization, reading.units)
            for organization in usage
            for reading in organization.readings
        }
        planned: dict[Cell, list[int | None]] = {}
        for line in self.lines.values():
            for cell, source in cells_of(line.row):
                planned.setdefault(cell, []).append(source.units)
        for cell, remainder in self.remainders.items():
            planned.setdefault(cell, []).append(remainder.units)
        stale = {
            cell
            for cell, units in planned.items()
            if _sum(units) != (counted[cell][1] if cell in counted else 0)
            and (cell in counted or _sum(units) is not None)
        }
        kept = ((line, _without(line.row, stale)) for line in self.lines.values())
        lines = [replace(line, row=row) for line, row in kept if row is not None]
        remainders = [r for cell, r in sorted(self.remainders.items()) if cell not in stale]
        not_planned = [
            NotPlanned(cell[0], organization.organization_name, cell[1], units)
            for cell, (organization, units) in sorted(counted.items())
            if units != 0 and (cell in stale or cell not in planned)
        ]
        return Statement(
            lines=tuple(sorted(lines, key=lambda line: (line.row.company_id, line.row.key))),
            remainders=tuple(remainders),
            not_planned=tuple(not_planned),
            tie_out=tuple(_tie_out(usage, [line.row for line in lines], remainders, not_planned)),
        )


def _tie_out(
    usage: tuple[OrganizationUsage, ...],
    rows: list[Row],
    remainders: list[Remainder],
    not_planned: list[NotPlanned],
) -> Iterator[ProductTieOut]:
    """The frozen usage of each product; raises `Fatal` when a unit would be lost or doubled."""
    ended = where_units_ended(rows, remainders)
    for count in not_planned:
        if count.units:
            sums = ended.setdefault(count.product, {})
            sums["not_planned"] = sums.get("not_planned", 0) + count.units
    for product in Product:
        counts = [r.units for u in usage for r in u.readings if r.product is product]
        known = sum(filter(None, counts))
        if sum(ended.get(product, {}).values()) != known:
            raise Fatal(
                f"the statement does not add up for {product}: Huntress counted {known}, it has"
                f" {ended.get(product)}. Please report this."
            )
        if counts:
            yield ProductTieOut(product, known, counts.count(None), ended.get(product, {}))


def _same_units(line: Line | None, row: Row) -> bool:
    def units(row: Row) -> list[tuple[Cell, int | None]]:
        return [(cell, source.units) for cell, source in cells_of(row)]

    return line is not None and units(line.row) == units(row)


def _key(row: Row) -> LineKey:
    return row.company_id, row.key


def _own(run: WritingRun, invoice: str) -> WritingRun:
    """The run with this invoice's units alone: a company may be on several.

    Of another invoice's run, only rows that carry some of these units are left.
    """
    own_run = run.invoice == invoice
    states: list[RowState] = []
    for state in run.states:
        parts = tuple(
            replace(
                part,
                sources=tuple(s for s in part.sources if (s.invoice or run.invoice) == invoice),
            )
            for part in state.row.parts
        )
        row = replace(state.row, parts=parts)
        if any(cells_of(row)) or (own_run and not any(cells_of(state.row))):
            states.append(replace(state, row=row))
    return replace(run, states=tuple(states), remainders=run.remainders if own_run else ())


def _without(row: Row, cells: set[Cell]) -> Row | None:
    """The row without these cells; None when nothing is left of a row that had some."""
    parts = tuple(
        Part(
            part.product,
            tuple(s for s in part.sources if (s.organization_id, part.product) not in cells),
        )
        for part in row.parts
    )
    had, left = any(part.sources for part in row.parts), any(part.sources for part in parts)
    return None if had and not left else replace(row, parts=parts)


def _sum(units: Iterable[int | None]) -> int | None:
    units = tuple(units)
    return None if None in units else sum(filter(None, units))
