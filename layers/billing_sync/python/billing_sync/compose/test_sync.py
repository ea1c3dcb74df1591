"""test-sync, put together; no vendor secret."""

import time

from billing_sync.adapters.bus import EventBus
from billing_sync.adapters.ledger_drifts import LedgerDrifts
from billing_sync.adapters.ledger_invoices import LedgerUsage
from billing_sync.adapters.ledger_runs import LedgerRuns
from billing_sync.adapters.ledger_strays import LedgerStrays
from billing_sync.adapters.ledger_table import LedgerTable
from billing_sync.compose.aws import client, table
from billing_sync.compose.invocation import Invocation, now
from billing_sync.flows.forecasting import ToldForecasts
from billing_sync.flows.requests import Requests
from billing_sync.settings import TestSyncSettings


def test_sync(settings: TestSyncSettings, invocation: Invocation) -> Requests:
    """Put the function together from its settings."""
    ledger = LedgerTable(table(settings.ledger_table))
    return Requests(
        LedgerRuns(ledger),
        LedgerDrifts(ledger),
        LedgerStrays(ledger),
        ToldForecasts(LedgerUsage(ledger)),
        EventBus(client("events"), name=settings.bus_name),
        now,
        time.sleep,
        invocation.time_left,
    )
