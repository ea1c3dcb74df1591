"""run-report: writes a closed run's report files and sends each message once."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from billing_sync.adapters.events.bus_events import InvoiceVoided, ReminderDue, report_event
from billing_sync.compose.invocation import Context
from billing_sync.compose.metrics import count
from billing_sync.compose.run_report import RunReport, run_report
from billing_sync.settings import RunReportSettings, from_environment

logger = Logger()


@cache
def composed() -> RunReport:
    """The function, composed once per container."""
    return run_report(from_environment(RunReportSettings, os.environ))


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Context) -> str:  # noqa: ARG001 - no time limit to watch
    """Report the event's run: finished, drifted, its invoice voided, rows still held."""
    match report_event(event):
        case InvoiceVoided(run_id=run_id):
            outcome = composed().voided.notify(run_id)
        case ReminderDue(run_id=run_id):
            outcome = composed().remind.remind(run_id)
        case named:
            reported = composed().report.report(named.run_id)
            count(reported.metrics)
            outcome = f"run {named.run_id}: {reported.run.verdict}"
    logger.info(outcome)
    return outcome
