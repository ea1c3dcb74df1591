"""Which runs still have to remind people of what they hold, in the ledger."""

from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.pending import pending, pending_key
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.runs.reminders import Reminder
from billing_sync.domain.runs.run import Pending, Run


class LedgerReminders:
    """`PENDING/remind#<run id>`, from the closing write of a run until nothing is left to tell."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def all(self) -> tuple[Reminder, ...]:
        """Every run that holds something, by id."""
        return tuple(from_item(Reminder, item) for item in pending(self._table, Pending.REMIND))

    def get(self, run_id: str) -> Reminder | None:
        """One run's, or None."""
        item = self._table.get(*_key(run_id))
        return from_item(Reminder, item) if item else None

    def move(self, reminder: Reminder, *, was: Reminder) -> bool:
        """Remember what was sent and what comes next; False when another write was faster."""
        fresh, old = to_item(reminder), to_item(was)
        when = {"remind_at": old["remind_at"], "reminded": old["reminded"]}
        return self._table.write(Change(*_key(reminder.run_id), set=fresh, when=when))

    def forget(self, reminder: Reminder) -> None:
        """Remove what has nothing left to tell."""
        self._table.write(Change(*_key(reminder.run_id), delete=True))


def reminder_change(run: Run) -> Change:
    """The write of a closing run's first reminder."""
    return Change(*_key(run.id), put=to_item(Reminder(run.id, run.remind_at)))


def _key(run_id: str) -> tuple[str, str]:
    return pending_key(Pending.REMIND, run_id)
