"""sync-preview: test-sync for readers. Previews, forecasts and shows runs; writes nothing."""

import os
from functools import cache

from aws_lambda_powertools import Logger

from billing_sync.adapters.events.operator import READER_FORMS, reader_event
from billing_sync.compose.invocation import Context, Invocation
from billing_sync.compose.test_sync import answer, test_sync
from billing_sync.domain.errors import Blocked
from billing_sync.domain.schema_versions import with_version
from billing_sync.flows.operator.requests import Requests
from billing_sync.settings import TestSyncSettings, from_environment

logger, invocation = Logger(), Invocation()


@cache
def composed() -> Requests:
    """The function, composed once per container."""
    return test_sync(from_environment(TestSyncSettings, os.environ), invocation)


@logger.inject_lambda_context
def handler(event: object, context: Context) -> dict[str, object]:
    """Run the event's request and answer; an event that would write is refused."""
    invocation.begin(context)
    try:
        document = answer(composed(), reader_event(event))
    except Blocked as refused:
        document = {"result": f"NOTHING WAS DONE: {refused}", "valid_events": READER_FORMS}
    document = composed().with_notifications(document)
    logger.info("asked", asked=event, result=document["result"])
    return with_version(document)
