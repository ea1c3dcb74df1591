"""What the planners of a run have read from ConnectWise, in the ledger."""

import gzip
import json

from billing_sync.adapters.ledger.items import from_item, to_item
from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.vendors.connectwise import BulkRead

LARGEST = 380_000  # bytes; DynamoDB takes items of 400 KB


class LedgerStages:
    """`RUN#<id>/READ#<stage>`, compressed."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def kept(self, run_id: str, stage: str) -> BulkRead | None:
        """What was read at this stage, or None."""
        item = self._table.get(*_key(run_id, stage))
        if item is None:
            return None
        return from_item(BulkRead, json.loads(gzip.decompress(item["read"].value)))

    def keep(self, run_id: str, stage: str, read: BulkRead) -> None:
        """Keep what was read, unless another planner was faster or it is too large to keep."""
        body = gzip.compress(json.dumps(to_item(read)).encode(), mtime=0)
        if len(body) < LARGEST:
            self._table.write(Change(*_key(run_id, stage), put={"read": body}, absent=("pk",)))


def _key(run_id: str, stage: str) -> tuple[str, str]:
    return f"RUN#{run_id}", f"READ#{stage}"
