"""run-report: writes a closed run's report files and tells people what they are to know, once."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from billing_sync.adapters.events.bus_events import InvoiceVoided, ReminderDue, report_event
from billing_sync.compose.metrics import count
from billing_sync.compose.run_report import RunReport, run_report
from billing_sync.settings import RunReportSettings, from_environment

logger = Logger()


@cache
def composed() -> RunReport:
    """The function, put together once for the life of its container."""
    return run_report(from_environment(RunReportSettings, os.environ))


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> str:  # noqa: ARG001 - time is plenty
    """Tell what the event says of its run: finished, drifted, its invoice voided, still holding."""
    match report_event(event):
        case InvoiceVoided(run_id=run_id):
            told = composed().voided.tell(run_id)
        case ReminderDue(run_id=run_id):
            told = composed().remind.remind(run_id)
        case named:
            reported = composed().report.report(named.run_id)
            count(reported.metrics)
            told = f"run {named.run_id}: {reported.run.verdict}"
    logger.info(told)
    return told
