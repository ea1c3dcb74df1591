"""Starting runs: an invoice's own, an operator's, and what an invocation had no time to finish."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from billing_sync.domain.errors import BillingSyncError, Blocked, Fatal, NotConfigured, Retryable
from billing_sync.domain.event_types import CONTINUED
from billing_sync.domain.invoices.delay import delayed
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState, counts
from billing_sync.domain.runs.run import Mode, Run, Status, Verdict
from billing_sync.domain.vendors.huntress import InvoiceSource
from billing_sync.flows.apply.close_run import Closer
from billing_sync.flows.apply.dispatch import Dispatch
from billing_sync.flows.apply.end_early import WindUp
from billing_sync.flows.invoices.freeze import Freeze
from billing_sync.flows.invoices.watch import Watch
from billing_sync.flows.planning.checkpoints import OutOfTime
from billing_sync.flows.planning.forecast_run import Forecasting
from billing_sync.flows.planning.plan_run import Planner
from billing_sync.flows.planning.release import Release
from billing_sync.flows.planning.run_lock import take_turn
from billing_sync.flows.planning.undo import Undo
from billing_sync.flows.ports import Bus, Clock, Config, Huntress, Invoices, Runs


@dataclass(frozen=True, slots=True)
class Starter:
    """Each method may be called again at any time: it goes on from where the ledger says."""

    huntress: Callable[[], Huntress]
    watch: Watch
    freeze: Freeze
    planner: Planner
    forecasting: Forecasting
    release: Release
    undo: Undo
    runs: Runs
    invoices: Invoices
    config: Config
    dispatch: Dispatch
    closer: Closer
    wind_up: WindUp
    bus: Bus
    clock: Clock

    def invoice_created(self, source: InvoiceSource, invoice_id: int) -> str:
        """Freeze the invoice's usage and start its one automatic run; says what came of it.

        The event is only a hint: the invoice is read again. What is missing leaves the invoice
        waiting with the reason, and the watch comes back to it.
        """
        record = self.invoices.get(f"{source}#{invoice_id}")
        try:
            record = self.watch.observe(self.huntress().invoice(source, invoice_id))
            return self._start(record)
        except OutOfTime as short:
            self.bus.put(CONTINUED, {"source": source, "invoice_id": invoice_id})
            current = self.invoices.get(f"{source}#{invoice_id}")
            assert current is not None
            return self._wait(current, str(short))
        except BillingSyncError as error:
            current = self.invoices.get(record.key) if record else None
            if current is None:
                raise
            return self._wait(current, str(error))

    def requested(self, run_id: str) -> str:
        """Plan the run an operator asked for; a run that cannot start is closed, saying why."""
        run = self.runs.get(run_id)
        if run is None:
            raise Blocked(f"there is no run '{run_id}'; the runs are listed by test-sync's show")
        try:
            if run.status not in (Status.REQUESTED, Status.PLANNING):
                return self._resume(run_id)
            if run.request.mode is Mode.RELEASE:
                return self._told(self.release.release(run))
            if run.request.undoes:
                return self._told(self.undo.undo(run))
            return self._start_requested(run)
        except OutOfTime as short:
            self._moved(run_id)
            self.bus.put(CONTINUED, {"run_id": run_id})
            return f"run {run_id} goes on in another invocation: {short}"
        except (Fatal, Blocked, Retryable) as error:
            return self._refuse(run_id, str(error))

    def _start(self, record: InvoiceRecord) -> str:
        if record.state is InvoiceState.RUN:  # guard: one-run-per-invoice
            return self._resume(record.run_id)
        if not counts(record.invoice):
            return f"{record.key} does not count: {record.reason}"
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
        run = self._automatic_run(record)
        if run is None:
            busy = self.runs.active()
            why = f"run {busy} is writing" if busy else "another invocation is starting its run"
            return self._wait(record, why)
        return self._plan(run, record)

    def _automatic_run(self, record: InvoiceRecord) -> Run | None:
        """The run that is trying to take this invoice: the open one, or a new one.

        None while another run is writing: a run that cannot begin is not made.
        """
        trying = self.runs.get(record.attempt_run_id) if record.attempt_run_id else None
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
            self._moved(run.id)
            raise
        except BillingSyncError as error:
            self._refuse(run.id, str(error))
            raise
        if planned.verdict is Verdict.INCOMPLETE and planned.coverage:
            unread = "; ".join(planned.coverage.unread)
            return self._wait(current, f"run {run.id} could not read everything: {unread}")
        return self._told(planned)

    def _start_requested(self, run: Run) -> str:
        if run.request.as_of_now:
            return self._told(self.forecasting.forecast(run))
        sync = run.request.mode is Mode.SYNC
        if sync and not self.config.settings().sync_enabled:  # guard: button-while-off
            raise NotConfigured(
                'sync is off and nothing was written. {"action": "preview"} shows what a sync would'
                " do; SETTINGS / CURRENT, sync_enabled turns it on."
            )
        record = self._last_invoice()
        if record and not sync and self.freeze.only_late(record):
            record = None  # today's counts say more about the next invoice than about an old one
        if record is None and sync:
            raise Blocked('there is no invoice yet that bills usage; use {"action": "preview"}')
        usage_key = record.key if record else f"now#{run.id}"
        if record:
            record, waiting = self.freeze.freeze(record)
        else:
            waiting = self.freeze.read_details(usage_key, {}, give_up=False)
        if waiting:
            raise Retryable(f"{waiting}. Try again in some minutes.")
        named = replace(run, invoice=record.invoice) if record else run
        begun = take_turn(self.runs, named, self.clock)
        taken = record if sync and record and _takes(record, run) else None
        return self._told(self.planner.plan(begun, usage_key=usage_key, record=taken))

    def _last_invoice(self) -> InvoiceRecord | None:
        """The newest invoice that bills usage, as Huntress shows it now."""
        huntress = self.huntress()
        seen = [i for i in huntress.invoices(huntress.actor().invoice_source) if counts(i)]
        if not seen:
            return None
        return self.watch.observe(max(seen, key=lambda i: (i.created_at, i.id)))

    def _resume(self, run_id: str) -> str:
        run = self.runs.get(run_id)
        if run and run.status is Status.ENDING:
            self.wind_up.run(run)
            run = self.runs.get(run_id)
        if run and run.status is Status.APPLYING:
            self.dispatch.unsent(run)
            run = self.closer.close_if_done(run_id) or run
        return self._told(run) if run else f"there is no run {run_id}"

    def _moved(self, run_id: str) -> None:
        """Remember that the run goes on, so that the sweep leaves it alone."""
        run = self.runs.get(run_id)
        if run:
            self.runs.change(replace(run, progress_at=self.clock()), was=run)

    def _wait(self, record: InvoiceRecord, why: str) -> str:
        if record.reason != why and record.state is not InvoiceState.RUN:
            self.invoices.save(replace(record, reason=why), previous=record)
        return f"{record.key} waits: {why}"

    def _refuse(self, run_id: str, why: str) -> str:
        """Close a run that could not start; there is nothing to announce."""
        run = self.runs.get(run_id)
        if run and run.status in (Status.REQUESTED, Status.PLANNING):
            refused = replace(
                run,
                status=Status.CLOSED,
                verdict=Verdict.REFUSED,
                note=why,
                closed_at=self.clock(),
                announced_at=self.clock(),
            )
            self.runs.close(refused, was=run)
        return f"run {run_id} refused: {why}"

    def _told(self, run: Run) -> str:
        return f"run {run.id}: {run.verdict or run.status}, {run.outcomes}"


def _takes(record: InvoiceRecord, run: Run) -> bool:
    """Whether an operator's sync is the invoice's run: it covers all, and none did yet."""
    return record.state is not InvoiceState.RUN and not run.request.companies
