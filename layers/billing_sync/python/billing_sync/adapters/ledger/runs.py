"""Runs in the ledger: their state, their plan, the companies with work left."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from billing_sync.adapters.ledger.invoices import invoice_change
from billing_sync.adapters.ledger.items import Item, from_item, to_item
from billing_sync.adapters.ledger.pending import delete_pending, pending, put_pending
from billing_sync.adapters.ledger.reminders import reminder_change
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.apply.row_state import OpenCompany, Permit, RowState
from billing_sync.domain.errors import Fatal
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState
from billing_sync.domain.plan.plan import Remainder, Row
from billing_sync.domain.runs.run import (
    BY_INVOICE,
    Mode,
    Pending,
    Request,
    Run,
    Status,
    run_id,
)
from billing_sync.domain.schema_versions import LEDGER
from billing_sync.domain.vendors.huntress import Invoice

ACTIVE = ("RUN", "ACTIVE")
WRITING_RUN = "RUN#"  # what the keys of an invoice's writing runs begin with
LAST_TURN = ("COUNTER", "TURNS")
TURNS = "TURNS"


class LedgerRuns:
    """`RUN#<id>/META`, `…/ROW#…`, `…/REMAINDER#…`, `…/OPEN#…`, `RUN/ACTIVE`, `TURNS/<turn>`."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def request(self, request: Request, *, at: datetime) -> Run:
        """A run for this request; an identical one that is still going on is joined instead."""
        pointer = ("REQUESTS", hashlib.sha256(repr(request).encode()).hexdigest())
        while True:
            item = self._table.get(*pointer)
            going_on = self.get(str(item["run_id"])) if item else None
            if going_on and going_on.open:
                return going_on
            run = self._create(request, at=at, also=partial(_point, pointer, going_on))
            if run:
                return run

    def automatic(self, invoice: InvoiceRecord, *, at: datetime) -> Run | None:
        """The one automatic run of an invoice, or None when another planner was faster."""
        return self._create(
            Request(Mode.SYNC, by=BY_INVOICE),
            at=at,
            invoice=invoice.invoice,
            also=lambda run: invoice_change(
                replace(invoice, attempt_run_id=run.id), previous=invoice
            ),
        )

    def _create(
        self,
        request: Request,
        *,
        at: datetime,
        also: Callable[[Run], Change],
        invoice: Invoice | None = None,
    ) -> Run | None:
        sequence = self._table.next_number("RUNS")
        run = Run(
            id=run_id(sequence, request.mode),
            sequence=sequence,
            status=Status.REQUESTED,
            request=request,
            requested_at=at,
            invoice=invoice,
        )
        created = self._table.write(
            Change(*_meta(run.id), put=_meta_item(run), absent=("pk",)),
            Change("RUNS", f"{sequence:012d}", put={"run_id": run.id}),
            put_pending(Pending.OPEN, run.id),
            also(run),
        )
        return run if created else None

    def get(self, run_id: str) -> Run | None:
        """The run as it stands now, or None.

        Raises `Fatal` for one that a version with another layout of the ledger wrote.
        """
        item = self._table.get(*_meta(run_id))
        if item is None:
            return None
        written_by = item.get("schema_version")
        if written_by != LEDGER:  # guard: known-layout
            raise Fatal(
                f"Run {run_id} was written with version {written_by} of the ledger's layout; this"
                f" installation reads version {LEDGER}. Deploy the release that wrote it, or start"
                " with an empty ledger table."
            )
        return from_item(Run, item)

    def pending(self, what: Pending) -> tuple[str, ...]:
        """The ids of all runs that wait for this, oldest first."""
        return tuple(str(item["run_id"]) for item in pending(self._table, what))

    def newest(self, count: int) -> tuple[Run, ...]:
        """The newest runs, newest first."""
        found: list[Run] = []
        for item in self._table.query("RUNS", newest_first=True):
            if len(found) == count:
                break
            found += filter(None, [self.get(str(item["run_id"]))])
        return tuple(found)

    def since(self, turn: int) -> tuple[Run, ...]:
        """Every writing run with a later turn, newest first."""
        found: list[Run] = []
        for item in self._table.query(TURNS, newest_first=True):
            if int(item["sk"]) <= turn:
                break
            run = self.get(str(item["run_id"]))
            if run and run.turn == int(item["sk"]):  # it may have given this one back
                found.append(run)
        return tuple(found)

    def active(self) -> str | None:
        """The id of the one writing run, or None."""
        item = self._table.get(*ACTIVE)
        return str(item["run_id"]) if item else None

    def begin(self, run: Run, *, at: datetime) -> bool:
        """Start planning for `run.invoice`; a writing run takes `RUN/ACTIVE` and the next turn.

        False when another run has it, or this one is no longer to be planned.
        """
        while True:
            last = self._last_turn()
            takes = run.request.mode.writes and self.active() != run.id
            begun = {
                "status": Status.PLANNING,
                "planning_since": at.isoformat(),
                "invoice": to_item(run)["invoice"],
                "note": "",
            }
            if not run.request.mode.writes:
                begun["after_turn"] = last
            changes = _turn_taken(run, last + 1) if takes else []
            if takes:
                begun |= {"turn": last + 1, "after_turn": last + 1}
            waits = {"status": (Status.REQUESTED, Status.PLANNING)}
            if self._table.write(Change(*_meta(run.id), set=begun, when=waits), *changes):
                return True
            if self._last_turn() == last:
                return False

    def _last_turn(self) -> int:
        item = self._table.get(*LAST_TURN)
        return int(item["number"]) if item else 0

    def give_back(self, run: Run, *, was: Run) -> bool:
        """Let a run that is planned wait to be tried again; it frees `RUN/ACTIVE` in one write."""
        return self._table.write(_meta_change(run, was), *self._freed(was))

    def _freed(self, run: Run) -> list[Change]:
        if self.active() != run.id:
            return []
        return [Change(*ACTIVE, delete=True, when={"run_id": run.id})]

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
            _keyed(_open(run, company_id), to_item(OpenCompany(company_id)))
            for company_id in companies
        )
        self._table.put_all(
            {"pk": pk, "sk": _remainder_key(run, r), **to_item(r)} for r in remainders
        )

    def commit(self, run: Run, *, invoice: InvoiceRecord | None = None) -> bool:
        """The plan counts from here on; an automatic run takes its invoice in the same breath."""
        changes = [
            Change(
                *_meta(run.id),
                put=_meta_item(run),
                when={
                    "status": Status.PLANNING,  # guard: one-plan
                    "turn": run.turn,  # guard: commit-of-own-turn
                },
            ),
        ]
        if run.request.mode.writes:
            changes.append(Change(*ACTIVE, when={"run_id": run.id}))  # guard: commit-in-turn
            changes += (_index_change(run, key) for key in (run.about, *run.other_invoices))
        if invoice:
            taken = replace(
                invoice, state=InvoiceState.RUN, run_id=run.id, reason=f"run {run.id} took it"
            )
            changes.append(invoice_change(taken, previous=invoice))
        return self._table.write(*changes)

    def change(self, run: Run, *, was: Run, ends: Pending | None = None) -> bool:
        """Replace the run's state; False when it is no longer in the status it was in.

        With `ends` the run waits for that no longer.
        """
        changes = [] if run == was else [_meta_change(run, was)]
        if ends:
            changes.append(delete_pending(ends, run.id))
        return not changes or self._table.write(*changes)

    def close(self, run: Run, *, was: Run) -> bool:
        """The closing write: it also frees `RUN/ACTIVE` where this run holds it."""
        changes = [_meta_change(run, was), delete_pending(Pending.OPEN, run.id)]
        if run.announced_at is None:
            changes.append(put_pending(Pending.ANNOUNCE, run.id))
        if run.applied:
            changes.append(put_pending(Pending.WATCH, run.id))
        if run.remind_at:
            changes.append(reminder_change(run))
        return self._table.write(*changes, *self._freed(run))

    def rows(self, run: Run, company_id: int | None = None) -> tuple[RowState, ...]:
        """The committed plan's rows, of one company or of all."""
        prefix = f"ROW#{run.plan_pass:04d}#" + (f"{company_id}#" if company_id else "")
        return tuple(_row_state(item) for item in self._table.query(f"RUN#{run.id}", prefix))

    def remainders(self, run: Run) -> tuple[Remainder, ...]:
        """The committed plan's usage that ended in no row."""
        items = self._table.query(f"RUN#{run.id}", f"REMAINDER#{run.plan_pass:04d}#")
        return tuple(from_item(Remainder, item) for item in items)

    def open_companies(self, run: Run) -> tuple[OpenCompany, ...]:
        """The companies with work left."""
        items = self._table.query(f"RUN#{run.id}", f"OPEN#{run.plan_pass:04d}#")
        return tuple(from_item(OpenCompany, item) for item in items)

    def mark_sent(self, run: Run, company: OpenCompany, *, at: datetime) -> None:
        """Count a message sent; nothing when the company is done meanwhile."""
        key = _open(run, company.company_id)
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
        self._table.write(Change(*_open(run, company_id), delete=True))

    def any_open(self, run: Run) -> bool:
        """Whether a company has work left."""
        return any(self._table.query(f"RUN#{run.id}", f"OPEN#{run.plan_pass:04d}#", most=1))

    def revoke(self, run: Run, company: OpenCompany) -> None:
        """From here on no intent is taken for this company; nothing when it is done."""
        if company.permit is Permit.OPEN:
            key, here = _open(run, company.company_id), {"company_id": company.company_id}
            self._table.write(Change(*key, set={"permit": Permit.REVOKED}, when=here))

    def permit(self, run: Run, company: OpenCompany) -> bool:
        """Let a company be written again, as if no message was sent; False once the run ends."""
        return self._table.write(
            Change(*_meta(run.id), when={"status": Status.APPLYING}),  # guard: permit-of-applying
            Change(
                *_open(run, company.company_id),
                set={"permit": Permit.OPEN, "sent": 0},
                when={"company_id": company.company_id},
            ),
        )

    def mark_copied(self, source: Run, state: RowState, *, by: str) -> bool:
        """Give a row to the run that releases or undoes it; False when another one was faster."""
        return self._table.write(row_taken(source, state, by=by))


def _point(pointer: tuple[str, str], was: Run | None, run: Run) -> Change:
    """Make a request's pointer name this run, when it still names the one before."""
    put = {"run_id": run.id}
    if was is None:
        return Change(*pointer, put=put, absent=("pk",))
    return Change(*pointer, put=put, when={"run_id": was.id})


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


def _index_change(run: Run, invoice: str) -> Change:
    """The entry of a writing run under the key of an invoice whose usage its rows carry."""
    key = f"{WRITING_RUN}{run.turn:012d}"
    return Change(f"INVOICE#{invoice}", key, put={"run_id": run.id})


def permit_open(run: Run, company_id: int) -> Change:
    """The check that company-sync may still write for this company."""
    return Change(*_open(run, company_id), when={"permit": Permit.OPEN})


def _turn_taken(run: Run, turn: int) -> list[Change]:
    """The run takes this turn, the next one, and `RUN/ACTIVE`."""
    counted, first = {"number": turn}, turn == 1
    counter = Change(*LAST_TURN, put=counted, absent=("pk",))
    if not first:
        counter = Change(*LAST_TURN, set=counted, when={"number": turn - 1})
    return [
        Change(
            *ACTIVE,
            put={"run_id": run.id},
            absent=("pk",),  # guard: one-writing-run
        ),
        counter,
        Change(TURNS, f"{turn:012d}", put={"run_id": run.id}),
    ]


def _meta(run_id: str) -> tuple[str, str]:
    return f"RUN#{run_id}", "META"


def _meta_item(run: Run) -> Item:
    return {**to_item(run), "schema_version": LEDGER}


def _meta_change(run: Run, was: Run) -> Change:
    fresh, old = to_item(run), to_item(was)
    changed = {name: value for name, value in fresh.items() if value != old[name]}
    return Change(
        *_meta(run.id),
        set=changed,
        when={
            "status": was.status,  # guard: closed-once
            "turn": was.turn,
        },
    )


def _row_key(run: Run, row: Row) -> str:
    return f"ROW#{run.plan_pass:04d}#{row.company_id}#{row.key}"


def _open(run: Run, company_id: int) -> tuple[str, str]:
    return f"RUN#{run.id}", f"OPEN#{run.plan_pass:04d}#{company_id}"


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
