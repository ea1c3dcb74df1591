"""What is still to be done for a run: items that begin and end with what makes them true."""

from billing_sync.adapters.ledger.items import Item
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.runs.run import Pending

PENDING = "PENDING"


def pending(table: LedgerTable, what: Pending) -> tuple[Item, ...]:
    """The items `PENDING/<what>#<run id>`, by run id."""
    return tuple(table.query(PENDING, f"{what}#"))


def pending_key(what: Pending, run_id: str) -> tuple[str, str]:
    """The item's key."""
    return PENDING, f"{what}#{run_id}"


def put_pending(what: Pending, run_id: str) -> Change:
    """The write from which on a run waits for this."""
    return Change(*pending_key(what, run_id), put={"run_id": run_id})


def delete_pending(what: Pending, run_id: str) -> Change:
    """The write that ends it."""
    return Change(*pending_key(what, run_id), delete=True)
