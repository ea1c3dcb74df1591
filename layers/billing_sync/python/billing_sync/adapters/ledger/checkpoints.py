"""What the planners of a run have read from ConnectWise, in the ledger."""

from billing_sync.adapters.ledger import large_values
from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.domain.vendors.connectwise import BulkRead


class LedgerStages:
    """`RUN#<id>/READ#<stage>`, as a large value."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def kept(self, run_id: str, stage: str) -> BulkRead | None:
        """What was read at this stage, or None."""
        read = large_values.kept(self._table, _key(run_id, stage), "read")
        return None if read is None else from_item(BulkRead, read)

    def keep(self, run_id: str, stage: str, read: BulkRead) -> None:
        """Keep what was read, unless another planner was faster."""
        large_values.keep(self._table, _key(run_id, stage), "read", to_item(read))


def _key(run_id: str, stage: str) -> tuple[str, str]:
    return f"RUN#{run_id}", f"READ#{stage}"
