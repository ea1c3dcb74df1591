"""invoice-trigger: watches Huntress's invoices, freezes usage, plans runs and sends the work."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from billing_sync.adapters.events.bus_events import InvoiceCreated, RunNamed, trigger_event
from billing_sync.compose.invocation import Context, Invocation
from billing_sync.compose.invoice_trigger import InvoiceTrigger, invoice_trigger
from billing_sync.compose.metrics import count
from billing_sync.settings import InvoiceTriggerSettings, from_environment

logger, invocation = Logger(), Invocation()


@cache
def composed() -> InvoiceTrigger:
    """The function, composed once per container."""
    return invoice_trigger(from_environment(InvoiceTriggerSettings, os.environ), invocation)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Context) -> str:
    """Take a tick of the schedule or an event of the bus; any other event is refused."""
    invocation.begin(context)
    match trigger_event(event):
        case InvoiceCreated(source=source, invoice_id=invoice_id):
            outcome = composed().automatic.start(source, invoice_id)
        case RunNamed(run_id=run_id):
            outcome = composed().requested.start(run_id)
        case _:
            ticked = composed().tick.tick()
            count(ticked.metrics)
            outcome = str(ticked)
    logger.info(outcome)
    return outcome
