"""A requested run: what a person asked for is planned, or closed with the reason why not."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from billing_sync.domain.errors import Blocked, Fatal, NotConfigured, Retryable
from billing_sync.domain.event_types import CONTINUED
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState, counts
from billing_sync.domain.runs.run import Mode, Run, Status
from billing_sync.flows.invoices.freeze import Freeze
from billing_sync.flows.invoices.lease import Lease, Leased
from billing_sync.flows.invoices.watch import Watch
from billing_sync.flows.planning.attempt import Attempt, summary
from billing_sync.flows.planning.checkpoints import OutOfTime
from billing_sync.flows.planning.forecast_run import Forecasting
from billing_sync.flows.planning.plan_run import Planner
from billing_sync.flows.planning.release import Release
from billing_sync.flows.planning.run_lock import take_turn
from billing_sync.flows.planning.undo import Undo
from billing_sync.flows.ports import Bus, Clock, Config, Huntress, Invoices, Runs


@dataclass(frozen=True, slots=True)
class RequestedRun:
    """May be started again at any time: it goes on from where the ledger says."""

    huntress: Callable[[], Huntress]
    watch: Watch
    invoices: Invoices
    lease: Lease
    freeze: Freeze
    planner: Planner
    forecasting: Forecasting
    release: Release
    undo: Undo
    attempt: Attempt
    runs: Runs
    config: Config
    bus: Bus
    clock: Clock

    def start(self, run_id: str) -> str:
        """Plan the run an operator asked for; a run that cannot start is closed, saying why."""
        run = self.runs.get(run_id)
        if run is None:
            raise Blocked(f"there is no run '{run_id}'; the runs are listed by test-sync's show")
        try:
            if run.status in (Status.REQUESTED, Status.PLANNING):
                return self._planned(run)
            return self.attempt.resume(run_id)
        except OutOfTime as short:
            self.attempt.moved(run_id)
            self.bus.put(CONTINUED, {"run_id": run_id})
            return f"run {run_id} goes on in another invocation: {short}"
        except Leased as busy:
            if busy.run_id == run_id or run.status is Status.PLANNING:  # guard: own-lease
                return f"run {run_id} goes on later: {busy}"
            return self.attempt.refuse(run_id, str(busy))
        except (Fatal, Blocked, Retryable) as error:
            return self.attempt.refuse(run_id, str(error))

    def _planned(self, run: Run) -> str:
        if run.request.mode is Mode.RELEASE:
            return self._release(run)
        if run.request.undoes:
            return summary(self.undo.undo(run))
        return self._start(run)

    def _release(self, run: Run) -> str:
        source = self.runs.get(run.request.source_run_id)
        record = self.invoices.get(source.about) if source else None
        with self._leased(record, run):
            return summary(self.release.release(run))

    def _start(self, run: Run) -> str:
        if run.request.companies:
            run.request.check_companies(
                self.config.mappings().company_ids(),
                problem="no organization is mapped to",
                way_out="billing-sync mappings list shows the companies.",
            )
        if run.request.as_of_now:
            return summary(self.forecasting.forecast(run))
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
        with self._leased(record, run) as leased:
            return self._plan(run, leased)

    def _plan(self, run: Run, record: InvoiceRecord | None) -> str:
        usage_key = record.key if record else f"now#{run.id}"
        if record:
            record, waiting = self.freeze.freeze(record)
        else:
            waiting = self.freeze.read_details(usage_key, {}, reads=1)
        if waiting:
            raise Retryable(f"{waiting}. Try again in some minutes.")
        named = replace(run, invoice=record.invoice) if record else run
        begun = take_turn(self.runs, named, self.clock)
        taken = record if record and _takes(record, run) else None
        return summary(self.planner.plan(begun, usage_key=usage_key, record=taken))

    def _leased(
        self, record: InvoiceRecord | None, run: Run
    ) -> AbstractContextManager[InvoiceRecord | None]:
        """The lease of the invoice that a run is about, if it is about one."""
        return self.lease.held(record, run_id=run.id) if record else nullcontext()

    def _last_invoice(self) -> InvoiceRecord | None:
        """The newest invoice that bills usage, as Huntress shows it now."""
        huntress = self.huntress()
        seen = [i for i in huntress.invoices(huntress.actor().invoice_source) if counts(i)]
        if not seen:
            return None
        return self.watch.observe(max(seen, key=lambda i: (i.created_at, i.id)))


def _takes(record: InvoiceRecord, run: Run) -> bool:
    """Whether an operator's sync is the invoice's run: it covers all, and none did yet."""
    sync = run.request.mode is Mode.SYNC
    return sync and record.state is not InvoiceState.RUN and not run.request.companies
