"""Reminders of a run's held rows: one before each deadline, none for settled rows."""

from dataclasses import dataclass, replace
from typing import Protocol

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.errors import BillingSyncError, Blocked
from billing_sync.domain.event_types import REMINDER
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.runs.reminders import Reminder, deadlines, releasable, reminder_text
from billing_sync.domain.runs.run import Mode, Run
from billing_sync.flows.ports import Bus, Clock, Invoices, Runs
from billing_sync.flows.report.report import Notices


class Reminders(Protocol):
    """The reminders that are due or pending; `move` is False after a concurrent change."""

    def all(self) -> tuple[Reminder, ...]: ...
    def get(self, run_id: str) -> Reminder | None: ...
    def move(self, reminder: Reminder, *, was: Reminder) -> bool: ...
    def forget(self, reminder: Reminder) -> None: ...


@dataclass(frozen=True, slots=True)
class ReminderWatch:
    """Puts the event of each reminder that is due, at every tick until it is sent.

    It reads one short list, never the rows of a run.
    """

    reminders: Reminders
    bus: Bus
    clock: Clock

    def look(self) -> tuple[str, ...]:
        """Put what is due and forget what is settled; returns a line for each."""
        put: list[str] = []
        try:
            for reminder in self.reminders.all():
                if reminder.remind_at is None:
                    self.reminders.forget(reminder)
                elif reminder.remind_at <= self.clock():
                    self.bus.put(REMINDER, {"run_id": reminder.run_id})
                    put.append(f"run {reminder.run_id}: people are to be reminded of it")
        except BillingSyncError as error:
            put.append(f"reminders: {error}")
        return tuple(put)


@dataclass(frozen=True, slots=True)
class Remind:
    """Notifies of the rows that a run still holds.

    After a crash between message and mark, the message is sent again.
    """

    runs: Runs
    invoices: Invoices
    reminders: Reminders
    notices: Notices
    clock: Clock

    def remind(self, run_id: str) -> str:
        """Send what is due, once, and return a log line. Raises `Blocked` for an unknown run."""
        run, reminder = self.runs.get(run_id), self.reminders.get(run_id)
        if run is None:
            raise Blocked(f"there is no run '{run_id}' to remind of")
        if reminder is None or reminder.remind_at is None:
            return f"run {run_id}: nothing to remind of"
        rows, now = self._held_rows(run), self.clock()
        ahead = [
            d
            for d in deadlines(run, rows)
            if d.before not in reminder.reminded  # guard: one-reminder
        ]
        ahead = [d for d in ahead if now < d.passes_at]
        due = [d for d in ahead if d.remind_at <= now]
        if due and not self.notices.send(*reminder_text(run, rows, due, now=now)):
            return f"run {run_id}: nobody receives notifications"
        later = min((d.remind_at for d in ahead if d not in due), default=None)
        reminded = (*reminder.reminded, *(d.before for d in due))
        self.reminders.move(replace(reminder, remind_at=later, reminded=reminded), was=reminder)
        return f"run {run_id}: reminded of {len(rows)} rows" if due else f"run {run_id}: not due"

    def _held_rows(self, run: Run) -> tuple[Row, ...]:
        """The rows neither released nor planned by a newer sync; none of a voided invoice."""
        invoice = self.invoices.get(run.about)
        if invoice and invoice.voided:  # guard: no-reminder-of-voided
            return ()
        free = [
            state
            for state in self.runs.rows(run)
            if not self._taken_over(state)  # guard: no-reminder-of-released
        ]
        overtaken = {
            state.row.company_id
            for newer in self.runs.since(run.turn)
            if newer.applied and newer.request.mode is Mode.SYNC
            for state in self.runs.rows(newer)
        }
        return tuple(
            row
            for row in releasable(free)
            if row.company_id not in overtaken  # guard: no-reminder-of-overtaken
        )

    def _taken_over(self, state: RowState) -> bool:
        """Whether another run has taken the row, or a person declined it."""
        if state.declined:
            return True
        by = self.runs.get(state.copied_by) if state.copied_by else None
        return by is not None and by.keeps_rows
