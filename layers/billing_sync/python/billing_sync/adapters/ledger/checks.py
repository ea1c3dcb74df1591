"""What the last permission check found, in the ledger."""

from billing_sync.adapters.ledger.table import Change, LedgerTable

LAST = ("CHECK#PERMISSIONS", "LAST")


class LedgerChecks:
    """`CHECK#PERMISSIONS/LAST`: the last known status by name of the check."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def last(self) -> dict[str, str]:
        """What was last known; empty before the first check."""
        item = self._table.get(*LAST)
        found = item["found"] if item else {}
        return {str(name): str(status) for name, status in found.items()}

    def save(self, found: dict[str, str]) -> None:
        """Remember what was found now."""
        self._table.write(Change(*LAST, put={"found": found}))
