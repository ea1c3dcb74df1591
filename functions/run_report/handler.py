"""run-report: writes a closed run's report files and tells people once."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from billing_sync.adapters.events import closed_run
from billing_sync.compose.counting import count_report
from billing_sync.compose.run_report import run_report
from billing_sync.flows.report import Report
from billing_sync.settings import RunReportSettings, from_environment

logger = Logger()


@cache
def composed() -> Report:
    """The function, put together once for the life of its container."""
    return run_report(from_environment(RunReportSettings, os.environ))


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> str:  # noqa: ARG001 - time is plenty
    """Report the run that "Billing Sync Finished" or "Billing Sync Drift Found" names."""
    reported = composed().report(closed_run(event))
    count_report(reported)
    run = reported.run
    told = f"run {run.id}: {run.verdict}"
    logger.info("run reported", run_id=run.id, verdict=run.verdict)
    return told
