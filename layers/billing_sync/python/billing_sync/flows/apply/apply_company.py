"""Applying one company's rows: intent before, read-back after, at most one effect per addition."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from billing_sync.domain.apply.protocol import (
    PATCH_WITHIN,
    SETTLING_TIME,
    Finish,
    LookAgain,
    Write,
    after_accepted,
    next_step,
)
from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.errors import (
    ApiVersionRefused,
    BillingSyncError,
    Blocked,
    CredentialsRejected,
    Fatal,
    NotFound,
    Retryable,
    UnavailableInFront,
)
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Run, Status
from billing_sync.flows.apply.close_run import Closer
from billing_sync.flows.ports import Clock, ConnectWiseWriter, Effects, Runs, TimeLeft

ROW_NEEDS = 60.0  # seconds of an invocation that one row may take in the worst case
BACK_OFF = (30.0, 60.0, 120.0, 300.0, 900.0)
OFTEN = 5  # deliveries; the queue allows 20, which waits of a minute use up in no time
WAIT_IF_OFTEN = 300.0


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a message; `hand_back` are seconds until it is wanted again, None if done."""

    outcomes: tuple[str, ...] = ()
    hand_back: float | None = None
    why: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Apply:
    """The protocol of one company.

    `refresh_credentials` reads the secret anew, past any cache, and answers whether it changed.
    """

    connectwise: Callable[[], ConnectWiseWriter]
    refresh_credentials: Callable[[], bool]
    runs: Runs
    effects: Effects
    closer: Closer
    clock: Clock
    time_left: TimeLeft

    def apply(self, run_id: str, company_id: int, *, received: int) -> Applied:
        """Apply the company's open rows; `received` counts how often this message was delivered.

        Raises `Blocked` when there is no such run. Everything else that may go wrong with a vendor
        hands the message back or pauses the run.
        """
        run = self.runs.get(run_id)
        if run is None:
            raise Blocked(f"the message names run '{run_id}', which the ledger does not have")
        if run.status is not Status.APPLYING:  # guard: applying-runs-only
            return Applied(why=f"run {run.id} is {run.status}")
        try:
            applied = self._rows(run, company_id)
        except (CredentialsRejected, ApiVersionRefused) as error:
            applied = self._with_fresh_credentials(run, company_id, error)
        except (Fatal, UnavailableInFront) as error:
            applied = self._pause(run, str(error))
        except Retryable as error:
            wait = error.retry_after or BACK_OFF[min(received, len(BACK_OFF)) - 1]
            applied = Applied(hand_back=wait, why=str(error))
        if applied.hand_back is not None and received >= OFTEN:
            return replace(applied, hand_back=max(applied.hand_back, WAIT_IF_OFTEN))
        if applied.hand_back is None and not applied.paused:
            self._leave(run, company_id)
        return applied

    def _with_fresh_credentials(
        self, run: Run, company_id: int, rejected: CredentialsRejected | ApiVersionRefused
    ) -> Applied:
        """Once more with the secret as it is now, which has the version of the API too."""
        try:
            if not self.refresh_credentials():
                return self._pause(run, str(rejected))
            return self._rows(run, company_id)
        except (Fatal, UnavailableInFront) as error:
            return self._pause(run, str(error))
        except Retryable as error:
            return Applied(hand_back=error.retry_after or BACK_OFF[0], why=str(error))

    def _rows(self, run: Run, company_id: int) -> Applied:
        outcomes: list[str] = []
        again: list[datetime] = []
        for state in self.runs.rows(run, company_id):
            if state.done:  # guard: done-rows-skipped
                continue
            if self.time_left() < ROW_NEEDS:
                return Applied(tuple(outcomes), hand_back=0, why="this invocation has no time left")
            step = self._row(run, state)
            if isinstance(step, LookAgain):
                again.append(step.at)
            elif step is not None:
                outcomes.append(step.outcome)
        if not again:
            return Applied(tuple(outcomes))
        wait = (max(again) - self.clock()).total_seconds()
        why = "a write may still land; its outcome is not known before it settles"
        return Applied(tuple(outcomes), hand_back=max(wait, 0) + 1, why=why)

    def _row(self, run: Run, state: RowState) -> Finish | LookAgain | None:
        """Take one row as far as it goes; None when another worker went on with it."""
        row = state.row
        assert row.agreement_id and row.addition_id and row.target is not None
        connectwise = self.connectwise().in_zone(zone_of(run))
        try:
            addition = connectwise.addition(row.agreement_id, row.addition_id)
            agreement = connectwise.agreement(addition.agreement_id)
        except NotFound as error:
            # guard: credentials-before-404 - the cloud answers 404 to wrong credentials too
            connectwise.member()
            gone = Finish(Outcome.BLOCKED, Reason.GONE, f"{error} Preview again.")
            return self._finish(run, state, gone)
        except Blocked as error:
            return self._finish(run, state, Finish(Outcome.BLOCKED, Reason.REFUSED, str(error)))
        step = next_step(
            row,
            state.intent,
            addition,
            agreement,
            at=self.clock(),
            today=today_of(run, self.clock()),
            allowed_types=run.settings.agreement_types if run.settings else (),
            refused=state.refused,
        )
        if isinstance(step, Write):
            return self._write(run, state, step, connectwise=connectwise)
        return self._finish(run, state, step) if isinstance(step, Finish) else step

    def _write(
        self, run: Run, state: RowState, write: Write, *, connectwise: ConnectWiseWriter
    ) -> Finish | LookAgain | None:
        """Write with the client that read the row: another one would ask for its address first."""
        connectwise.wait_to_write()
        intent = replace(write.intent, at=self.clock())
        # guard: intent-before-patch, intent-before-retry
        if not self.effects.intend(run, state, intent):
            return None  # guard: no-patch-without-intent
        state = replace(state, intent=intent)
        row = state.row
        assert row.agreement_id and row.addition_id and row.target is not None
        if self.clock() > intent.at + PATCH_WITHIN:  # guard: patch-soon-or-never
            return LookAgain(intent.at + SETTLING_TIME)
        try:
            connectwise.set_quantity(row.agreement_id, row.addition_id, row.target)
        except (Retryable, Blocked, Fatal) as error:
            return self._refused(run, state, error)
        try:  # ConnectWise may say 200, and even show the target, without having changed anything
            addition = connectwise.addition(row.agreement_id, row.addition_id)
        except Blocked:
            return LookAgain(self.clock())  # gone this very moment: the next look says how it ends
        return self._finish(run, state, after_accepted(row, addition))

    def _refused(
        self, run: Run, state: RowState, error: Retryable | Blocked | Fatal
    ) -> Finish | LookAgain | None:
        """The row after a PATCH without a 200; raises `error` where it stops more than this row."""
        assert state.intent
        if isinstance(error, Retryable) and error.ambiguous:
            return LookAgain(state.intent.at + SETTLING_TIME)
        answered = not isinstance(error, Retryable) or error.refused
        landed = self._landed(state) if answered else False
        # guard: refusal-looked-at - whoever is in front of ConnectWise may be wrong
        if landed:
            return self._finish(run, state, Finish(Outcome.UPDATED))
        if isinstance(error, Blocked):
            if landed is None:  # guard: refusal-unseen
                return LookAgain(state.intent.at + SETTLING_TIME)
            refused = Finish(Outcome.BLOCKED, Reason.REFUSED, str(error))
            return self._finish(run, state, refused)
        self.effects.refuse(run, state)  # guard: refusal-is-no-attempt
        raise error

    def _landed(self, state: RowState) -> bool | None:
        """Whether ConnectWise shows our write although it was refused; None where none can see."""
        row, connectwise = state.row, self.connectwise()
        assert state.intent and row.agreement_id and row.addition_id
        try:
            addition = connectwise.addition(row.agreement_id, row.addition_id)
            member = connectwise.member().identifier
        except Blocked:
            return False
        except BillingSyncError:
            return None
        saved = addition.last_updated != state.intent.last_updated
        return addition.quantity == row.target and saved and addition.updated_by in ("", member)

    def _finish(self, run: Run, state: RowState, finish: Finish) -> Finish | None:
        return finish if self.effects.finish(run, state, finish, at=self.clock()) else None

    def _pause(self, run: Run, why: str) -> Applied:
        """Nothing more can be written: the run waits, and so does this company's marker."""
        paused = replace(run, status=Status.PAUSED, pause_reason=why, paused_at=self.clock())
        if self.runs.change(paused, was=run):
            for company in self.runs.open_companies(run):
                self.runs.revoke(run, company)
        return Applied(why=why, paused=True)

    def _leave(self, run: Run, company_id: int) -> None:
        """On every way out: a company with all rows done leaves; the last one closes the run."""
        # guard: leave-when-all-done - another worker may have rows left
        if all(state.done for state in self.runs.rows(run, company_id)):
            self.runs.company_done(run, company_id)
            self.closer.close_if_done(run.id)


def today_of(run: Run, now: datetime) -> date:
    """The calendar day in the time zone of the settings the run was planned with."""
    return now.astimezone(zone_of(run)).date()


def zone_of(run: Run) -> ZoneInfo:
    """The time zone of the settings the run was planned with."""
    assert run.settings is not None
    return ZoneInfo(run.settings.time_zone)
