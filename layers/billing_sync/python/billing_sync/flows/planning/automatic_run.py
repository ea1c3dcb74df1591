"""An invoice's own run: its usage is frozen, then it is planned once everything allows it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from billing_sync.domain.errors import BillingSyncError, Defect
from billing_sync.domain.event_types import CONTINUED
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState, counts, delayed
from billing_sync.domain.runs.run import Run, Verdict
from billing_sync.domain.vendors.huntress import InvoiceSource
from billing_sync.flows.invoices.freeze import Freeze
from billing_sync.flows.invoices.lease import Lease, Leased
from billing_sync.flows.invoices.watch import Watch
from billing_sync.flows.planning.attempt import Attempt, summary
from billing_sync.flows.planning.checkpoints import OutOfTime
from billing_sync.flows.planning.plan_run import Planner
from billing_sync.flows.planning.run_lock import take_turn
from billing_sync.flows.ports import Bus, Clock, Config, Huntress, Invoices, Runs


@dataclass(frozen=True, slots=True)
class AutomaticRun:
    """May be started again at any time: it goes on from where the ledger says."""

    huntress: Callable[[], Huntress]
    watch: Watch
    lease: Lease
    freeze: Freeze
    planner: Planner
    attempt: Attempt
    runs: Runs
    invoices: Invoices
    config: Config
    bus: Bus
    clock: Clock

    def start(self, source: InvoiceSource, invoice_id: int) -> str:
        """Freeze the invoice's usage and start its one automatic run; says what came of it.

        The event is only a hint: the invoice is read again. What is missing leaves the invoice
        waiting with the reason, and the watch comes back to it. Raises `Defect` as the planner
        does, for the invoice waits and somebody has to look.
        """
        key = f"{source}#{invoice_id}"
        try:
            record = self.watch.observe(self.huntress().invoice(source, invoice_id))
            return self._start(record)
        except Leased as busy:
            return f"{key}: {busy}"
        except OutOfTime as short:
            self.bus.put(CONTINUED, {"source": source, "invoice_id": invoice_id})
            return f"{key} waits: {short}"
        except BillingSyncError as error:
            current = self.invoices.get(key)
            if current is None:
                raise
            waits = self._wait(current, str(error))
            if isinstance(error, Defect):  # guard: defect-alarms
                raise
            return waits

    def _start(self, record: InvoiceRecord) -> str:
        if record.state is InvoiceState.RUN:  # guard: one-run-per-invoice
            return self.attempt.resume(record.run_id)
        if not counts(record.invoice):
            return f"{record.key} does not count: {record.reason}"
        with self.lease.held(record) as leased:
            return self._start_leased(leased)

    def _start_leased(self, record: InvoiceRecord) -> str:
        record, waiting = self.freeze.freeze(record)
        if waiting:
            return self._wait(record, waiting)
        if record.state is InvoiceState.BASELINE:
            return f"{record.key}: usage frozen; no run, {record.reason}"
        return self._start_frozen(record)

    def _start_frozen(self, record: InvoiceRecord) -> str:
        self.config.mappings()
        if not self.config.settings().sync_enabled:  # guard: off-starts-nothing
            return self._wait(record, "sync is off: SETTINGS / CURRENT, sync_enabled")
        planned = delayed(record, self.config.settings(), now=self.clock())
        if planned.waits_for_its_day(self.clock()):  # guard: delayed-start
            self.invoices.save(planned, previous=record)
            return f"{record.key} waits: {planned.reason}"
        trying = self.runs.get(record.attempt_run_id) if record.attempt_run_id else None
        if trying and trying.verdict is Verdict.STOPPED:  # guard: stopped-not-redone
            return self._stopped(record, trying)
        run = self._automatic_run(record, trying)
        if run is None:
            busy = self.runs.active()
            why = f"run {busy} is writing" if busy else "another invocation is starting its run"
            return self._wait(record, why)
        return self._plan(run, record)

    def _stopped(self, record: InvoiceRecord, run: Run) -> str:
        """A person stopped the invoice's run while it was planned, and syncs it when ready."""
        reason = f"run {run.id} was {run.note}. To sync this invoice: billing-sync sync"
        taken = replace(record, state=InvoiceState.RUN, run_id=run.id, reason=reason)
        self.invoices.save(taken, previous=record)
        return f"{record.key}: {reason}"

    def _automatic_run(self, record: InvoiceRecord, trying: Run | None) -> Run | None:
        """The run that is trying to take this invoice: the open one, however often, or a new one.

        None while another run is writing: a run that cannot begin is not made.
        """
        if trying and trying.open:
            return trying
        return None if self.runs.active() else self.runs.automatic(record, at=self.clock())

    def _plan(self, run: Run, record: InvoiceRecord) -> str:
        try:
            begun = take_turn(self.runs, run, self.clock)
            current = self.invoices.get(record.key)
            assert current is not None
            planned = self.planner.plan(begun, usage_key=record.key, record=current)
        except OutOfTime:
            self.attempt.moved(run.id)
            raise
        except BillingSyncError as error:
            self.attempt.give_back(run.id, str(error))
            raise
        return summary(planned)

    def _wait(self, record: InvoiceRecord, why: str) -> str:
        if record.reason != why and record.state is not InvoiceState.RUN:
            self.invoices.save(replace(record, reason=why), previous=record)
        return f"{record.key} waits: {why}"
