"""run-report, put together."""

from billing_sync.adapters.ledger_drifts import LedgerDrifts
from billing_sync.adapters.ledger_invoices import LedgerUsage
from billing_sync.adapters.ledger_runs import LedgerRuns
from billing_sync.adapters.ledger_table import LedgerTable
from billing_sync.adapters.notices import NoticeTopic
from billing_sync.adapters.reports import ReportBucket
from billing_sync.compose.aws import client, table
from billing_sync.compose.invocation import now
from billing_sync.flows.forecasting import ToldForecasts
from billing_sync.flows.report import Report
from billing_sync.settings import RunReportSettings


def run_report(settings: RunReportSettings) -> Report:
    """Put the function together from its settings."""
    ledger = LedgerTable(table(settings.ledger_table))
    return Report(
        LedgerRuns(ledger),
        LedgerDrifts(ledger),
        ToldForecasts(LedgerUsage(ledger)),
        ReportBucket(client("s3"), bucket=settings.report_bucket),
        NoticeTopic(client("sns"), topic_arn=settings.topic_arn),
        now,
    )
