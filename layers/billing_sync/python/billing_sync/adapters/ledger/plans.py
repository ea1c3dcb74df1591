"""The plan of a run in the ledger: its rows, what is in no row, and a permit for each company."""

from collections.abc import Iterable
from datetime import datetime

from billing_sync.adapters.ledger.items import Item, from_item, to_item
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.apply.row_state import OpenCompany, Permit, RowState
from billing_sync.domain.plan.plan import Remainder, Row
from billing_sync.domain.runs.run import Run


class LedgerPlans:
    """`RUN#<id>/ROW#<pass>#…`, `…/REMAINDER#…`, and `…/OPEN#<pass>#<company>` with its permit."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def next_pass(self, run: Run) -> int:
        """The number of a new pass over this run's plan; the committed one counts."""
        return self._table.next_number(f"PASS#{run.id}")

    def write_plan(
        self, run: Run, rows: Iterable[RowState], remainders: Iterable[Remainder]
    ) -> None:
        """Write the rows of `run.plan_pass` and the marker of every company that has work."""
        states = tuple(rows)
        companies = {s.row.company_id for s in states if not s.done}
        pk = f"RUN#{run.id}"
        self._table.put_all(_row_item(run, state) for state in states)
        self._table.put_all(
            _keyed(company_key(run, company_id), to_item(OpenCompany(company_id)))
            for company_id in companies
        )
        self._table.put_all(
            {"pk": pk, "sk": _remainder_key(run, r), **to_item(r)} for r in remainders
        )

    def rows(self, run: Run, company_id: int | None = None) -> tuple[RowState, ...]:
        """The committed plan's rows, of one company or of all."""
        prefix = f"ROW#{run.plan_pass:04d}#" + (f"{company_id}#" if company_id else "")
        return tuple(_row_state(item) for item in self._table.query(f"RUN#{run.id}", prefix))

    def remainders(self, run: Run) -> tuple[Remainder, ...]:
        """The committed plan's usage that ended in no row."""
        items = self._table.query(f"RUN#{run.id}", f"REMAINDER#{run.plan_pass:04d}#")
        return tuple(from_item(Remainder, item) for item in items)

    def mark_copied(self, source: Run, state: RowState, *, by: str) -> bool:
        """Give a row to the run that releases or undoes it; False when another one was faster."""
        return self._table.write(row_taken(source, state, by=by))

    def open_companies(self, run: Run) -> tuple[OpenCompany, ...]:
        """The companies with work left."""
        items = self._table.query(f"RUN#{run.id}", f"OPEN#{run.plan_pass:04d}#")
        return tuple(from_item(OpenCompany, item) for item in items)

    def any_open(self, run: Run) -> bool:
        """Whether a company has work left."""
        return any(self._table.query(f"RUN#{run.id}", f"OPEN#{run.plan_pass:04d}#", most=1))

    def mark_sent(self, run: Run, company: OpenCompany, *, at: datetime) -> None:
        """Count a message sent; nothing when the company is done meanwhile."""
        key = company_key(run, company.company_id)
        sent = {"sent": company.sent, "sent_at": at.isoformat()}
        self._table.write(
            Change(
                *key,
                set=sent,
                when={"company_id": company.company_id},  # guard: done-company-unmarked
            )
        )

    def company_done(self, run: Run, company_id: int) -> None:
        """Remove the company's marker, and with it the permit to write."""
        self._table.write(Change(*company_key(run, company_id), delete=True))

    def revoke(self, run: Run, company: OpenCompany) -> None:
        """From here on no intent is taken for this company; nothing when it is done."""
        if company.permit is Permit.OPEN:
            key, here = company_key(run, company.company_id), {"company_id": company.company_id}
            self._table.write(Change(*key, set={"permit": Permit.REVOKED}, when=here))


def row_change(run: Run, state: RowState, *, when: Item) -> Change:
    """The write of a row as it stands now, on a condition over how it stood."""
    return Change(f"RUN#{run.id}", _row_key(run, state.row), put=_row_item(run, state), when=when)


def row_taken(source: Run, state: RowState, *, by: str) -> Change:
    """The write that gives a closed run's row away, while it is as it was read."""
    free = (state.copied_by, by)
    return Change(
        f"RUN#{source.id}",
        _row_key(source, state.row),
        set={"copied_by": by},
        when={"copied_by": free},  # guard: row-taken-once
    )


def permit_open(run: Run, company_id: int) -> Change:
    """The check that company-sync may still write for this company."""
    return Change(*company_key(run, company_id), when={"permit": Permit.OPEN})


def company_key(run: Run, company_id: int) -> tuple[str, str]:
    """The key of a company's marker."""
    return f"RUN#{run.id}", f"OPEN#{run.plan_pass:04d}#{company_id}"


def _row_key(run: Run, row: Row) -> str:
    return f"ROW#{run.plan_pass:04d}#{row.company_id}#{row.key}"


def _keyed(key: tuple[str, str], item: Item) -> Item:
    return {"pk": key[0], "sk": key[1], **item}


def _remainder_key(run: Run, remainder: Remainder) -> str:
    return f"REMAINDER#{run.plan_pass:04d}#{remainder.organization_id}#{remainder.product}"


def _row_item(run: Run, state: RowState) -> Item:
    item = to_item(state)
    row = item.pop("row")
    return {"pk": f"RUN#{run.id}", "sk": _row_key(run, state.row), **row, **item}


def _row_state(item: Item) -> RowState:
    return from_item(RowState, {**item, "row": item})
