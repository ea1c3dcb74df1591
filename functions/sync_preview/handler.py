"""sync-preview: test-sync for those who may look and not write. Previews, forecasts, shows."""

import os
from functools import cache

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from billing_sync.adapters.events.operator import LOOKING_FORMS, Show, looking_event
from billing_sync.compose.invocation import Invocation
from billing_sync.compose.test_sync import test_sync
from billing_sync.domain.errors import Blocked
from billing_sync.domain.schema_versions import with_version
from billing_sync.flows.operator.requests import Requests
from billing_sync.settings import TestSyncSettings, from_environment

logger, invocation = Logger(), Invocation()


@cache
def composed() -> Requests:
    """The function, put together once for the life of its container."""
    return test_sync(from_environment(TestSyncSettings, os.environ), invocation)


@logger.inject_lambda_context
def handler(event: object, context: LambdaContext) -> dict[str, object]:
    """Do what the event asks and tell it; what would write is refused, with the valid forms."""
    invocation.begin(context)
    try:
        match looking_event(event):
            case Show(run_id=run_id):
                answer = composed().show(run_id)
            case asked:
                answer = composed().ask(asked.request, wait=asked.wait)
    except Blocked as refused:
        answer = {"result": f"NOTHING WAS DONE: {refused}", "valid_events": LOOKING_FORMS}
    logger.info("asked", asked=event, result=answer["result"])
    return with_version(answer)
