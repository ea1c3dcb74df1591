"""test-sync and sync-preview, composed; no vendor secret."""

import time

from billing_sync.adapters.aws.bus import EventBus
from billing_sync.adapters.events.operator import Decline, Form, Show, ShowInvoices, Start, Stop
from billing_sync.adapters.ledger.audience import LedgerAudience
from billing_sync.adapters.ledger.drifts import LedgerDrifts
from billing_sync.adapters.ledger.invoices import LedgerInvoices
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.statements import LedgerStatements
from billing_sync.adapters.ledger.unmatched import LedgerStrays
from billing_sync.adapters.ledger.usage import LedgerUsage
from billing_sync.compose.aws import client, table
from billing_sync.compose.invocation import Invocation, now
from billing_sync.domain.report.document import Document
from billing_sync.flows.operator.requests import Requests
from billing_sync.flows.report.load_document import RunDocuments
from billing_sync.flows.report.load_forecast import StoredForecasts
from billing_sync.flows.statement.decisions import Decisions
from billing_sync.flows.statement.invoices import InvoiceBook
from billing_sync.flows.statement.read import Statements
from billing_sync.flows.statement.since import Since
from billing_sync.settings import TestSyncSettings


def test_sync(settings: TestSyncSettings, invocation: Invocation) -> Requests:
    """Compose the function from its settings."""
    ledger = table(settings.ledger_table)
    runs, drifts, usage = LedgerRuns(ledger), LedgerDrifts(ledger), LedgerUsage(ledger)
    invoices = LedgerInvoices(ledger)
    book = LedgerStatements(ledger)
    statements = Statements(runs, usage, book)
    since = Since(runs, invoices, statements)
    return Requests(
        runs,
        RunDocuments(
            runs,
            drifts,
            LedgerStrays(ledger),
            StoredForecasts(usage),
            since,
            now,
        ),
        InvoiceBook(invoices, statements, drifts),
        Decisions(runs, since, book, now),
        LedgerAudience(ledger),
        EventBus(client("events"), name=settings.bus_name),
        now,
        time.sleep,
        invocation.time_left,
    )


def answer(requests: Requests, form: Form) -> Document:
    """Run the request of an event."""
    match form:
        case Show(run_id=run_id):
            return requests.show(run_id)
        case ShowInvoices(invoice_id=invoice_id):
            return requests.show_invoices(invoice_id)
        case Decline(run_id=run_id, reason=reason, by=by):
            return requests.decline(run_id, form.only, reason=reason, by=by)
        case Stop(run_id=run_id, by=by, wait=wait):
            return requests.stop(run_id, by=by, wait=wait)
        case Start(request=request, wait=wait):
            return requests.start(request, wait=wait)
