"""The statement of an invoice: where each of its units is now, and the findings of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from billing_sync.domain.apply.drift import Drift
from billing_sync.domain.plan.plan import PartSource, ProductTieOut, Remainder, Row
from billing_sync.domain.statement.billing_status import (
    BY_A_PERSON,
    BillingStatus,
    Finding,
    by_weight,
    finding_of_remainder,
    finding_of_row,
)
from billing_sync.domain.vendors.usage import Cell, Product


@dataclass(frozen=True, slots=True)
class Decision:
    """`DECISIONS/<run id>#<company id>#<row key>`: a person declined a row: it stays as it is."""

    run_id: str
    company_id: int
    key: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the statement: the outcome is that of the newest run that touched it.

    `planned_by` is the run whose plan its units come from, the others "" where no such run was.
    `applied` is False while the newest run is still to write it. `together_with` are the keys of
    the other invoices whose units the row bills too.
    """

    row: Row
    planned_by: str
    released_by: str = ""
    undone_by: str = ""
    declined: Decision | None = None
    applied: bool = True
    together_with: tuple[str, ...] = ()

    @property
    def last_run(self) -> str:
        """The id of the newest run that changed it."""
        return self.undone_by or self.released_by or self.planned_by


@dataclass(frozen=True, slots=True)
class NotPlanned:
    """Frozen usage that is in no plan yet; `units` None is unknown, never 0."""

    organization_id: int
    organization_name: str
    product: Product
    units: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """Each cell of the frozen usage is in exactly one line, remainder or `not_planned`.

    `tie_out` is the frozen usage by product, and where its units ended.
    """

    lines: tuple[Line, ...] = ()
    remainders: tuple[Remainder, ...] = ()
    not_planned: tuple[NotPlanned, ...] = ()
    tie_out: tuple[ProductTieOut, ...] = ()

    @property
    def unknown(self) -> int:
        """How many counts of an organization's product are unknown, planned or not."""
        units = [source.units for row in self.rows for _, source in cells_of(row)]
        units += [remainder.units for remainder in self.remainders]
        units += [count.units for count in self.not_planned]
        return units.count(None)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The current rows."""
        return tuple(line.row for line in self.lines)


def cells_of(row: Row) -> Iterator[tuple[Cell, PartSource]]:
    """What each organization used of each product of the row."""
    for part in row.parts:
        yield from (((s.organization_id, part.product), s) for s in part.sources)


def statement_findings(
    statement: Statement, drifts: Iterable[tuple[str, Drift]] = ()
) -> tuple[Finding, ...]:
    """Every line, remainder and count without a plan of an invoice, as `findings`.

    `drifts` come with the id of the run after which they were found: one is about a line while no
    newer run changed it.
    """
    by_run: dict[str, dict[int, str]] = {}
    for run_id, drift in drifts:
        if drift.kind in BY_A_PERSON:
            by_run.setdefault(run_id, {})[drift.addition_id] = drift.message
    found = (
        *(_of_line(line, by_run.get(line.last_run, {})) for line in statement.lines),
        *map(finding_of_remainder, statement.remainders),
        *map(_not_planned, statement.not_planned),
    )
    return tuple(sorted(found, key=by_weight))


def _of_line(line: Line, changed: Mapping[int, str]) -> Finding:
    found = finding_of_row(line.row, changed)
    if not line.applied:
        message = f"run {line.last_run} is to write it"
        return replace(found, status=BillingStatus.REVIEW, message=message)
    if line.declined:
        by = f"accepted as is by {line.declined.by}: {line.declined.reason}"
        return replace(found, status=BillingStatus.ACCEPTED, message=by)
    if line.undone_by:
        return replace(found, message=f"undone by run {line.undone_by}")
    if line.together_with and not found.message:
        names = ", ".join(key.partition("#")[2] for key in line.together_with)
        return replace(found, message=f"billed together with invoice {names}")
    return found


def _not_planned(count: NotPlanned) -> Finding:
    return Finding(
        BillingStatus.REVIEW,
        count.organization_name,
        count.product.value,
        {count.product: count.units or 0},
        int(count.units is None),
        money=None,
        decided=False,
        message="not planned yet",
    )
