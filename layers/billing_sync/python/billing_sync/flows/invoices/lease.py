"""One planner per invoice: a lease on its item. It saves calls and is no fence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing_sync.domain.errors import Blocked
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState
from billing_sync.flows.planning.checkpoints import OutOfTime
from billing_sync.flows.ports import Clock, Invoices, TimeLeft

AFTER_THE_DEADLINE = timedelta(seconds=60)


class Leased(Blocked):
    """Another planner is working on the invoice; `run_id` is the requested run it plans, or ""."""

    def __init__(self, record: InvoiceRecord) -> None:
        super().__init__(
            f"another planner is working on invoice {record.invoice.id} ({record.reason}); try"
            " again when it is done"
        )
        self.run_id = record.lease_run_id


@dataclass(frozen=True, slots=True)
class Lease:
    """Taken for one invocation, until a minute after its deadline; `new_owner` gives its name."""

    invoices: Invoices
    clock: Clock
    time_left: TimeLeft
    new_owner: Callable[[], str]

    @contextmanager
    def held(self, record: InvoiceRecord, *, run_id: str = "") -> Iterator[InvoiceRecord]:
        """The record with a lease on it, which ends with the block.

        `run_id` is the requested run that it is planned for. Raises `Leased` while another planner
        has the lease.
        """
        leased = self._taken(record, run_id)
        handed_over: OutOfTime | None = None
        try:
            yield leased
        except OutOfTime as short:
            handed_over = short
            raise
        finally:
            self._release(leased, handed_over)  # guard: lease-released

    def _taken(self, record: InvoiceRecord, run_id: str) -> InvoiceRecord:
        owner = self.new_owner()
        until = self.clock() + timedelta(seconds=self.time_left()) + AFTER_THE_DEADLINE
        while record.lease_owner != owner:
            if record.leased(self.clock()):  # guard: one-planner
                raise Leased(record)
            leased = replace(record, lease_owner=owner, lease_until=until, lease_run_id=run_id)
            if self.invoices.save(leased, previous=record):
                return leased
            record = self._current(record)
        return record

    def _release(self, leased: InvoiceRecord, handed_over: OutOfTime | None) -> None:
        """Clear the lease, unless another planner has taken it since."""
        current = self._current(leased)
        while current.lease_owner == leased.lease_owner:
            freed = replace(current, lease_owner="", lease_until=None, lease_run_id="")
            if handed_over:
                freed = _handed_over(freed, str(handed_over), at=self.clock())
            if self.invoices.save(freed, previous=current):
                return
            current = self._current(leased)

    def _current(self, record: InvoiceRecord) -> InvoiceRecord:
        current = self.invoices.get(record.key)
        assert current is not None
        return current


def _handed_over(record: InvoiceRecord, why: str, *, at: datetime) -> InvoiceRecord:
    """The record of an invoice whose event is about to be put for the next planner."""
    waits = record.state is InvoiceState.WAITING
    return replace(record, put_at=at, reason=why if waits else record.reason)
