"""Runs in the ledger: their state, their plan, the companies with work left."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from billing_sync.adapters.ledger.invoices import invoice_change
from billing_sync.adapters.ledger.items import Item, from_item, to_item
from billing_sync.adapters.ledger.pending import delete_pending, pending, put_pending
from billing_sync.adapters.ledger.plans import LedgerPlans, company_key
from billing_sync.adapters.ledger.reminders import reminder_change
from billing_sync.adapters.ledger.table import Change
from billing_sync.domain.apply.row_state import OpenCompany, Permit
from billing_sync.domain.errors import Fatal
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState
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


class LedgerRuns(LedgerPlans):
    """`RUN#<id>/META`, `RUN/ACTIVE`, `TURNS/<turn>`, and the plans of runs."""

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

    def permit(self, run: Run, company: OpenCompany) -> bool:
        """Let a company be written again, as if no message was sent; False once the run ends."""
        return self._table.write(
            Change(*_meta(run.id), when={"status": Status.APPLYING}),  # guard: permit-of-applying
            Change(
                *company_key(run, company.company_id),
                set={"permit": Permit.OPEN, "sent": 0},
                when={"company_id": company.company_id},
            ),
        )


def _point(pointer: tuple[str, str], was: Run | None, run: Run) -> Change:
    """Make a request's pointer name this run, when it still names the one before."""
    put = {"run_id": run.id}
    if was is None:
        return Change(*pointer, put=put, absent=("pk",))
    return Change(*pointer, put=put, when={"run_id": was.id})


def _index_change(run: Run, invoice: str) -> Change:
    """The entry of a writing run under the key of an invoice whose usage its rows carry."""
    key = f"{WRITING_RUN}{run.turn:012d}"
    return Change(f"INVOICE#{invoice}", key, put={"run_id": run.id})


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
