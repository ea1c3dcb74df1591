"""Ending what will not go on: a stopped run, one past its deadline, a company nobody can move."""

from collections.abc import Callable
from dataclasses import dataclass

from billing_sync.domain.apply.protocol import Finish, LookAgain, Write, next_step
from billing_sync.domain.apply.row_state import OpenCompany, RowState
from billing_sync.domain.errors import NotFound
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Run, Verdict
from billing_sync.flows.apply.apply_company import today_of, zone_of
from billing_sync.flows.apply.close_run import Closer
from billing_sync.flows.ports import Clock, ConnectWise, Effects, Runs

STOPPED = Finish(Outcome.HELD, Reason.STOPPED, "the run was stopped before this row was written")
PAST_DEADLINE = Finish(
    Outcome.FAILED, Reason.DEADLINE, "the run's deadline passed before this row was written"
)


@dataclass(frozen=True, slots=True)
class WindUp:
    """Gives every open row its outcome; one we may have written is read, a young one waits."""

    connectwise: Callable[[], ConnectWise]
    runs: Runs
    effects: Effects
    closer: Closer
    clock: Clock

    def run(self, run: Run) -> None:
        """End all companies of a run that is ending, then close it; what is too young stays."""
        finish = STOPPED if run.ending is Verdict.STOPPED else PAST_DEADLINE
        companies = self.runs.open_companies(run)
        for company in companies:
            self.runs.revoke(run, company)  # guard: deadline-revokes
        unfinished = {state.row.company_id for state in self.runs.rows(run) if not state.done}
        for company_id in sorted(unfinished | {company.company_id for company in companies}):
            self._end(run, company_id, finish)
        self.closer.close_if_done(run.id)

    def company(self, run: Run, company: OpenCompany, finish: Finish) -> None:
        """Revoke one company's permit, then end its open rows."""
        self.runs.revoke(run, company)  # guard: revoked-before-read
        self._end(run, company.company_id, finish)

    def _end(self, run: Run, company_id: int, finish: Finish) -> None:
        """End a company's open rows with `finish`, or with what ConnectWise shows."""
        for state in self.runs.rows(run, company_id):
            step = None if state.done else self._last_word(run, state, finish)
            if step:
                self.effects.finish(run, state, step, at=self.clock())
        if all(state.done for state in self.runs.rows(run, company_id)):  # guard: ended-whole
            self.runs.company_done(run, company_id)

    def _last_word(self, run: Run, state: RowState, finish: Finish) -> Finish | None:
        if state.intent is None:  # guard: read-before-giving-up
            return finish
        row = state.row
        assert row.agreement_id and row.addition_id
        try:
            connectwise = self.connectwise().in_zone(zone_of(run))
            addition = connectwise.addition(row.agreement_id, row.addition_id)
            agreement = connectwise.agreement(addition.agreement_id)
        except NotFound as error:
            return Finish(Outcome.BLOCKED, Reason.GONE, str(error))
        now = self.clock()
        step = next_step(row, state.intent, addition, agreement, at=now, today=today_of(run, now))
        if isinstance(step, LookAgain):  # guard: young-write
            return None
        return finish if isinstance(step, Write) else step
