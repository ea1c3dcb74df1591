"""Looking again, for a cycle, at what runs wrote: reported, and never written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from billing_sync.domain.apply.drift import Drift, drifted, overwritten, with_trail
from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.errors import BillingSyncError, Blocked, CallRefused
from billing_sync.domain.event_types import DRIFT_FOUND
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Pending, Run
from billing_sync.domain.vendors.connectwise import Save
from billing_sync.flows.apply.apply_company import today_of
from billing_sync.flows.ports import (
    Bus,
    Clock,
    ConnectWiseWriter,
    Drifts,
    Effects,
    Runs,
    TimeLeft,
)

FIRST_LOOK_AFTER = timedelta(minutes=10)  # by then a write that timed out has landed or never will
LOOK_EVERY = timedelta(days=1)
LOOKED_AT_FOR = timedelta(days=35)
RESERVE = 60.0  # seconds of an invocation


class ConnectWiseWithTrail(ConnectWiseWriter, Protocol):
    """ConnectWise, with what it remembers of an addition."""

    def trail(self, addition_id: int) -> tuple[Save, ...]: ...


@dataclass(frozen=True, slots=True)
class DriftWatch:
    """Compares what a closed run wrote with what ConnectWise holds, daily.

    It goes on until the agreement's next invoice, at most 35 days.
    """

    connectwise: Callable[[], ConnectWiseWithTrail]
    runs: Runs
    effects: Effects
    drifts: Drifts
    bus: Bus
    clock: Clock
    time_left: TimeLeft

    def look(self) -> tuple[str, ...]:
        """Look at every run that is due; what was found, as sentences."""
        done: list[str] = []
        for run_id in self.runs.pending(Pending.WATCH):
            try:
                run = self.runs.get(run_id)
                news = self._look_when_due(run) if run else ""
            except BillingSyncError as error:
                news = f"what it wrote could not be looked at: {error}"
            if news:
                done.append(f"run {run_id}: {news}")
        return tuple(done)

    def _look_when_due(self, run: Run) -> str:
        assert run.closed_at is not None
        now = self.clock()
        if run.watched_at is None:
            return self._look(run) if now - run.closed_at > FIRST_LOOK_AFTER else ""
        if now - run.closed_at >= LOOKED_AT_FOR:
            self.runs.change(run, was=run, ends=Pending.WATCH)
            return ""
        return self._look(run) if now - run.watched_at > LOOK_EVERY else ""

    def _look(self, run: Run) -> str:
        now = self.clock()
        states = [state for state in self.runs.rows(run) if state.intent]
        if not states:
            self.runs.change(replace(run, watched_at=now), was=run, ends=Pending.WATCH)
            return ""
        member = self.connectwise().member().identifier
        unread = self._compare(run, states, member)
        written = [state for state in states if state.row.outcome is Outcome.UPDATED]
        trails = run.trails_read
        for found in self._overwritten(written[trails:], member):
            trails += 1
            if found:
                self.drifts.add(run, found)
        looked_at = now if trails == len(written) else None
        self.runs.change(replace(run, watched_at=looked_at, trails_read=trails), was=run)
        return ", ".join(filter(None, (self._announce(run), unread)))

    def _announce(self, run: Run) -> str:
        """Put the event for what was not announced yet; the next look puts it again."""
        unannounced = sum(drift.announced_at is None for drift in self.drifts.of(run))
        if not unannounced:
            return ""
        self.bus.put(DRIFT_FOUND, {"run_id": run.id})
        return f"{unannounced} quantities are not what it left"

    def _compare(self, run: Run, states: list[RowState], member: str) -> str:
        """Keep what is not as it was left; what could not be read, "" when everything was."""
        now = self.clock()
        today = today_of(run, now)
        watched = [state for state in states if not _invoiced(state, run, today)]
        read = self.connectwise().additions(
            sorted({s.row.agreement_id for s in watched if s.row.agreement_id}),
            sorted({s.row.catalog_item_id for s in watched if s.row.catalog_item_id}),
        )
        held = {addition.id: addition for addition in read.additions}
        last = {written.addition_id: written.turn for written in self.effects.written()}
        for state in watched:
            addition_id = state.row.addition_id or 0
            newest = last.get(addition_id, run.turn) <= run.turn
            if newest and addition_id in held:
                found = drifted(state, held[addition_id], member=member, seen_at=now)
                if found and not self.drifts.known(run, found):
                    trail = self._trail(addition_id)
                    self.drifts.add(run, with_trail(found, trail, member=member))
        unread = f"{len(read.unread)} agreements could not be read"
        unusable = f"{len(read.unusable)} additions cannot be used"
        troubles = ((read.unread, unread), (read.unusable, unusable))
        return ", ".join(trouble for found, trouble in troubles if found)

    def _overwritten(self, states: list[RowState], member: str) -> Iterator[Drift | None]:
        """One by one as far as time goes."""
        for state in states:
            if self.time_left() < RESERVE:
                return
            trail = self._trail(state.row.addition_id or 0)
            yield overwritten(state, trail, member=member, seen_at=self.clock())

    def _trail(self, addition_id: int) -> tuple[Save, ...]:
        """Who saved the addition; none where trails may not be read."""
        try:
            return self.connectwise().trail(addition_id)
        except (Blocked, CallRefused):
            return ()


def _invoiced(state: RowState, run: Run, today: date) -> bool:
    """Whether the agreement's next invoice came since the run; a date before the run is no sign."""
    assert run.closed_at is not None
    day = state.row.next_invoice
    return day is not None and today_of(run, run.closed_at) <= day < today
