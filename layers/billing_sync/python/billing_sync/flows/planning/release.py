"""Releasing held rows: a run of its own that writes exactly what was reviewed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.errors import Blocked
from billing_sync.domain.plan.hash import plan_hash
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import RELEASED_APART, Mode, Run, apart
from billing_sync.flows.planning.copied_rows import Choice, Copying, Newer
from billing_sync.flows.ports import Clock, Runs


@dataclass(frozen=True, slots=True)
class Release:
    """Copies held rows of a reviewed run, before and target as they stand, and applies them."""

    runs: Runs
    copying: Copying
    clock: Clock

    def release(self, run: Run) -> Run:
        """Plan, commit and send the release; raises `Blocked` saying why it is refused."""
        settings = self.copying.settings(run)
        source = self.copying.source(run)
        if source.request.as_of_now:
            raise Blocked(
                f"run {source.id} is a forecast: its counts are of that day, not of an invoice, so"
                " nothing is written from it; preview, and release that"
            )
        self._still_as_reviewed(source, run.request.plan_hash, settings)
        choice = Choice(
            rows=self._rows_in_words(source, run.request.reasons),
            fits=lambda state: (
                releasable(state, source)
                and asked(state, run.request.reasons)  # guard: released-apart
            ),
            copied=lambda row: _released(row, source),
            overtaken=_planned_since,
            did="planned",
            way_out="release that one instead",
        )
        return self.copying.copy(run, source, settings, choice)

    def _rows_in_words(self, source: Run, reasons: tuple[str, ...]) -> str:
        """What is released, and the reason to name where other rows are."""
        words = "held row to release"
        left = any(
            releasable(state, source) and not asked(state, ()) for state in self.runs.rows(source)
        )
        if reasons or not left:
            return words
        return f'{words} without "reasons": {json.dumps(sorted(RELEASED_APART))}'

    def _still_as_reviewed(self, source: Run, reviewed: str, settings: Settings) -> None:
        rows = tuple(state.planned for state in self.runs.rows(source))
        actual = plan_hash(rows, run_id=source.id, invoice=source.about)
        if (
            reviewed != source.plan_hash  # guard: hash-as-reviewed
            or actual != source.plan_hash  # guard: rows-as-hashed
        ):
            raise Blocked(
                f"plan_hash is '{reviewed}', but the plan of run {source.id} is {actual}."
                " Look at the plan again with show, and release what it shows now."
            )
        assert source.planned_at is not None
        valid_until = source.planned_at + timedelta(days=settings.release_valid_days)
        if self.clock() > valid_until:  # guard: plan-expires
            raise Blocked(
                f"the plan of run {source.id} was valid until {valid_until:%Y-%m-%d %H:%M} UTC;"
                " preview again and release that"
            )


def releasable(state: RowState, source: Run) -> bool:
    """Whether a release of `source` would write this row, unless another run has taken it."""
    row = state.row
    held = row.outcome is Outcome.HELD or (state.planned_write and not source.request.mode.writes)
    return held and row.target is not None


def asked(state: RowState, reasons: Iterable[str]) -> bool:
    """Whether a release for these reasons takes the row; without any, one that asks for the rest.

    Who releases routine rows does not decide by the way on a line that ends.
    """
    return apart(state.planned) == tuple(sorted(reasons))


def _planned_since(state: RowState, newer: Newer) -> str:
    """The newest run that planned it: a sync its whole company, others the rows they copied."""
    planned = (
        run.id
        for run, other in reversed(newer)
        if run.request.mode is Mode.SYNC or other.row.addition_id == state.row.addition_id
    )
    return next(planned, "")


def _released(row: Row, source: Run) -> Row:
    message = f"released from run {source.id}: {row.message}"
    return replace(
        row, outcome=Outcome.UPDATED, reason=Reason.NONE, further_reasons=(), message=message
    )
