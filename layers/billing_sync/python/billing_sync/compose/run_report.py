"""run-report, composed."""

from dataclasses import dataclass

from billing_sync.adapters.aws.notices import NoticeTopic
from billing_sync.adapters.ledger.audience import LedgerAudience
from billing_sync.adapters.ledger.drifts import LedgerDrifts
from billing_sync.adapters.ledger.invoices import LedgerInvoices
from billing_sync.adapters.ledger.reminders import LedgerReminders
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.unmatched import LedgerStrays
from billing_sync.adapters.ledger.usage import LedgerUsage
from billing_sync.adapters.report.bucket import ReportBucket
from billing_sync.compose.aws import client, table
from billing_sync.compose.invocation import now
from billing_sync.flows.invoices.voided import NotifyVoided
from billing_sync.flows.report.audience import HeardNotices
from billing_sync.flows.report.load_forecast import StoredForecasts
from billing_sync.flows.report.reminders import Remind
from billing_sync.flows.report.report import Report
from billing_sync.settings import RunReportSettings


@dataclass(frozen=True, slots=True)
class RunReport:
    """The kinds of report: closed runs, voided invoices, reminders of held rows."""

    report: Report
    voided: NotifyVoided
    remind: Remind


def run_report(settings: RunReportSettings) -> RunReport:
    """Compose the function from its settings."""
    ledger = table(settings.ledger_table)
    runs = LedgerRuns(ledger)
    topic = NoticeTopic(client("sns"), arn=settings.topic_arn)
    notices = HeardNotices(topic, LedgerAudience(ledger), now)
    reports = ReportBucket(client("s3"), bucket=settings.report_bucket)
    invoices = LedgerInvoices(ledger)
    return RunReport(
        Report(
            runs,
            LedgerDrifts(ledger),
            LedgerStrays(ledger),
            StoredForecasts(LedgerUsage(ledger)),
            reports,
            notices,
            now,
        ),
        NotifyVoided(runs, invoices, notices, now),
        Remind(runs, invoices, LedgerReminders(ledger), notices, now),
    )
