"""Finding what stands still, at every tick: unfinished plans, lost messages, pauses, reports."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing_sync.domain.apply.protocol import Finish
from billing_sync.domain.apply.row_state import OpenCompany, Permit
from billing_sync.domain.errors import BillingSyncError, Fatal
from billing_sync.domain.event_types import CONTINUED
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Pending, Run, Status, Verdict
from billing_sync.flows.apply.close_run import Closer
from billing_sync.flows.apply.dispatch import Dispatch
from billing_sync.flows.apply.end_early import WindUp
from billing_sync.flows.planning.checkpoints import OutOfTime
from billing_sync.flows.ports import Bus, Clock, ConnectWiseWriter, Queue, Runs
from billing_sync.flows.report.audience import Repeats

VISIBILITY = timedelta(minutes=30)
STANDS_STILL_AFTER = 2 * VISIBILITY
SENDS = 4  # once by the planner, three times more by the sweep
PLANNER_TAKES = timedelta(minutes=15)
PLANNER_GIVEN_UP = timedelta(hours=2)
RESUME_AFTER = timedelta(minutes=15)
DEADLINE = timedelta(hours=48)
ANNOUNCED_AGAIN_AFTER = timedelta(minutes=10)
GIVEN_UP = Finish(
    Outcome.FAILED,
    Reason.TOO_MANY_ATTEMPTS,
    f"company-sync was asked {SENDS} times and never finished this row; see its log and dead-letter"
    " queue",
)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Moves every run that is not closed one step on; safe at any time and any number of times."""

    connectwise: Callable[[], ConnectWiseWriter]
    runs: Runs
    queue: Queue
    bus: Bus
    dispatch: Dispatch
    closer: Closer
    repeats: Repeats
    wind_up: WindUp
    clock: Clock

    def sweep(self) -> tuple[str, ...]:
        """Move the runs on; what was done, as sentences. Trouble leaves a run as it is."""
        done: list[str] = []
        waiting = (*self.runs.pending(Pending.OPEN), *self.runs.pending(Pending.ANNOUNCE))
        for run_id in waiting:
            try:
                run = self.runs.get(run_id)
                news = self._step(run) if run else ""
            except (BillingSyncError, OutOfTime) as error:
                news = f"nothing could be done: {error}"
            if news:
                done.append(f"run {run_id}: {news}")
        return tuple(done)

    def _step(self, run: Run) -> str:
        due = run.planned_at and self.clock() - run.planned_at > DEADLINE
        if due and run.status in (Status.APPLYING, Status.PAUSED):
            ending = replace(run, status=Status.ENDING, ending=Verdict.INCOMPLETE)
            self.runs.change(ending, was=run)
            return "past its deadline"
        match run.status:
            case Status.REQUESTED | Status.PLANNING:
                return self._planning(run)
            case Status.APPLYING:
                return self._applying(run)
            case Status.PAUSED:
                return self._paused(run)
            case Status.ENDING:
                self.wind_up.run(run)
                return "wound up"
            case Status.CLOSED:
                return self._closed(run)

    def _planning(self, run: Run) -> str:
        now = self.clock()
        moved = max(filter(None, (run.requested_at, run.planning_since, run.progress_at)))
        given_up_after = DEADLINE if run.waits_for_retry else PLANNER_GIVEN_UP
        if now - max(run.requested_at, run.progress_at or run.requested_at) > given_up_after:
            given_up = replace(
                run,
                status=Status.CLOSED,
                verdict=Verdict.INCOMPLETE,
                note="no planner finished it; its invoice, if it has one, waits for the next",
                closed_at=now,
            )
            self.runs.close(given_up, was=run)
            return "given up"
        if now - moved > PLANNER_TAKES and not run.waits_for_retry:
            invoice = run.invoice if run.automatic else None
            self.bus.put(
                CONTINUED,
                {"source": invoice.source, "invoice_id": invoice.id}
                if invoice
                else {"run_id": run.id},
            )
            return "planning put again"
        return ""

    def _applying(self, run: Run) -> str:
        if self.closer.close_if_done(run.id):
            return "closed"
        now = self.clock()
        assert run.planned_at is not None
        companies = self.runs.open_companies(run)
        revoked = [c for c in companies if c.permit is Permit.REVOKED]
        halted = [c for c in revoked if c.sent < SENDS]
        if halted:  # a resume that did not come this far
            return f"{self._send_anew(run, halted)} companies sent that were still paused"
        unsent = [c for c in companies if c.sent == 0]
        if unsent and now - run.planned_at > PLANNER_TAKES:
            return f"{self.dispatch.send(run, unsent)} companies sent that were not"
        if revoked:  # given up, but for a write that was too young to be judged
            self._give_up(run, revoked)
        return self._standing_still(run, companies, now)

    def _send_anew(self, run: Run, companies: Iterable[OpenCompany]) -> int:
        """Permit these companies and send them; a pause says nothing against a company."""
        permitted = [c for c in companies if self.runs.permit(run, c)]
        return self.dispatch.send(run, [replace(c, sent=0) for c in permitted])

    def _give_up(self, run: Run, companies: Iterable[OpenCompany]) -> None:
        for company in companies:
            self.wind_up.company(run, company, GIVEN_UP)
        self.closer.close_if_done(run.id)

    def _standing_still(self, run: Run, companies: tuple[OpenCompany, ...], now: datetime) -> str:
        """Send again only where nothing moved for long and no message is anywhere."""
        moves = [run.planned_at, run.progress_at, *(c.sent_at for c in companies)]
        if (
            now - max(filter(None, moves)) < STANDS_STILL_AFTER
            or not self.queue.is_empty()  # guard: empty-queue
        ):
            return ""
        hopeless = [c for c in companies if c.sent >= SENDS]
        self._give_up(run, hopeless)
        sent = self.dispatch.send(run, [c for c in companies if c.sent < SENDS])
        return f"stalled: {sent} companies sent again, {len(hopeless)} given up"

    def _paused(self, run: Run) -> str:
        now, companies = self.clock(), self.runs.open_companies(run)
        for company in companies:
            self.runs.revoke(run, company)
        if now - (run.paused_at or now) < RESUME_AFTER:
            return ""
        try:
            self.connectwise().member()
        except Fatal as error:
            return f"still paused: {error}"
        resumed = replace(run, status=Status.APPLYING, pause_reason="", progress_at=now)
        if not self.runs.change(resumed, was=run):
            return ""
        return f"resumed, {self._send_anew(resumed, companies)} companies sent"

    def _closed(self, run: Run) -> str:
        """Announce again until people were notified; run-report itself may delete nothing."""
        if run.announced_at:
            self.runs.change(run, was=run, ends=Pending.ANNOUNCE)
            return ""
        if not run.closed_at or self.clock() - run.closed_at < ANNOUNCED_AGAIN_AFTER:
            return ""
        if not self.repeats.due():
            return ""
        self.closer.announce(run)
        return "announced again"
