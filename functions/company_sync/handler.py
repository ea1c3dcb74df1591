"""company-sync: sets the quantities of a company's additions, by the protocol of the ledger."""

import os
from dataclasses import asdict
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from billing_sync.adapters.events.bus_events import deliveries
from billing_sync.compose.company_sync import CompanySync, company_sync
from billing_sync.compose.invocation import Context, Invocation
from billing_sync.compose.metrics import count
from billing_sync.settings import CompanySyncSettings, from_environment

logger, invocation = Logger(), Invocation()


@cache
def composed() -> CompanySync:
    """The function, composed once per container."""
    return company_sync(from_environment(CompanySyncSettings, os.environ), invocation)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Context) -> dict[str, list[dict[str, str]]]:
    """Apply each company; one to be retried later is handed back and named as a failure."""
    invocation.begin(context)
    failures: list[dict[str, str]] = []
    for delivery in deliveries(event):
        applied = composed().take(delivery)
        logger.info("company applied", body=delivery.body, **asdict(applied))
        count({"RunPaused": int(applied.paused)})
        if applied.hand_back is not None:
            failures.append({"itemIdentifier": delivery.id})
    return {"batchItemFailures": failures}
