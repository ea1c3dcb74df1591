"""test-sync and sync-preview, composed; no vendor secret."""

import time

from billing_sync.adapters.aws.bus import EventBus
from billing_sync.adapters.ledger.drifts import LedgerDrifts
from billing_sync.adapters.ledger.invoices import LedgerUsage
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.adapters.ledger.unmatched import LedgerStrays
from billing_sync.compose.aws import client, table
from billing_sync.compose.invocation import Invocation, now
from billing_sync.flows.operator.requests import Requests
from billing_sync.flows.report.load_forecast import StoredForecasts
from billing_sync.settings import TestSyncSettings


def test_sync(settings: TestSyncSettings, invocation: Invocation) -> Requests:
    """Compose the function from its settings."""
    ledger = LedgerTable(table(settings.ledger_table))
    return Requests(
        LedgerRuns(ledger),
        LedgerDrifts(ledger),
        LedgerStrays(ledger),
        StoredForecasts(LedgerUsage(ledger)),
        EventBus(client("events"), name=settings.bus_name),
        now,
        time.sleep,
        invocation.time_left,
    )
