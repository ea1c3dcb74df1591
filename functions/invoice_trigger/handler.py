"""invoice-trigger: watches Huntress's invoices, freezes usage, plans runs and sends the work."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from billing_sync.adapters.events.bus_events import InvoiceCreated, RunNamed, trigger_event
from billing_sync.compose.invocation import Invocation
from billing_sync.compose.invoice_trigger import InvoiceTrigger, invoice_trigger
from billing_sync.compose.metrics import count
from billing_sync.settings import InvoiceTriggerSettings, from_environment

logger, invocation = Logger(), Invocation()


@cache
def composed() -> InvoiceTrigger:
    """The function, put together once for the life of its container."""
    return invoice_trigger(from_environment(InvoiceTriggerSettings, os.environ), invocation)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> str:
    """Take a tick of the schedule or an event of the bus; anything else is refused by name."""
    invocation.begin(context)
    match trigger_event(event):
        case InvoiceCreated(source=source, invoice_id=invoice_id):
            told = composed().automatic.start(source, invoice_id)
        case RunNamed(run_id=run_id):
            told = composed().requested.start(run_id)
        case _:
            ticked = composed().tick.tick()
            count(ticked.metrics)
            told = str(ticked)
    logger.info(told)
    return told
