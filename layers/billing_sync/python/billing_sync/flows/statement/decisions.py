"""Declining rows: a person decides that a held or blocked row stays as it is."""

from dataclasses import dataclass
from typing import Protocol

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.errors import Blocked
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Run
from billing_sync.domain.statement.statement import Decision
from billing_sync.domain.wording import in_short
from billing_sync.flows.ports import Clock, Runs
from billing_sync.flows.statement.since import Since

WAITING = (Outcome.HELD, Outcome.BLOCKED)


class DecisionBook(Protocol):
    """Keeps decisions; `decline` is False when the row was taken at the same time."""

    def decline(self, run: Run, state: RowState, decision: Decision) -> bool: ...


@dataclass(frozen=True, slots=True)
class Decisions:
    """Declines rows that wait for a person; nothing is written to ConnectWise."""

    runs: Runs
    since: Since
    book: DecisionBook
    clock: Clock

    def decline(
        self, run: Run, companies: tuple[int, ...], *, reason: str, by: str
    ) -> tuple[Row, ...]:
        """The rows declined; raises `Blocked` when a company has none that waits.

        Each row is decided by itself: one that somebody released meanwhile is left out.
        """
        if run.open:
            raise Blocked(
                f"run_id is '{run.id}', and it is still {run.status}; decline its rows"
                " when it is closed"
            )
        if not run.applied or run.request.undoes:
            raise Blocked(
                f"run_id is '{run.id}', and only rows of a sync or a release that read everything"
                " can be declined; sync, and decline the rows of that run"
            )
        waiting = self._waiting(run, companies)
        declined = tuple(
            state.row
            for state in waiting
            if self.book.decline(run, state, self._decision(run, state.row, reason, by))
        )
        if not declined:
            raise Blocked(
                f"companies is {list(companies)}, and somebody is releasing or declining"
                f" their rows of run {run.id} at this moment; look at it again with show"
            )
        return declined

    def _waiting(self, run: Run, companies: tuple[int, ...]) -> list[RowState]:
        """The rows of these companies that wait; each company must have one."""
        states = self.runs.rows(run)
        news = self.since.of(run, states)
        waiting = [
            state
            for state in states
            if state.row.outcome in WAITING and (state.row.company_id, state.row.key) not in news
        ]
        for company in companies:
            if any(state.row.company_id == company for state in waiting):
                continue
            why = in_short(sorted({what for (other, _), what in news.items() if other == company}))
            names = sorted({f"{s.row.company_id} ({s.row.company_name})" for s in waiting})
            raise Blocked(
                f"companies has {company}, and run {run.id} has no row of it that is held or"
                f" blocked{' still: ' + ', '.join(why) if why else ''}."
                f" Rows wait of: {', '.join(in_short(names)) or 'no company'}"
            )
        return [state for state in waiting if state.row.company_id in companies]

    def _decision(self, run: Run, row: Row, reason: str, by: str) -> Decision:
        return Decision(run.id, row.company_id, row.key, reason, by, self.clock())
