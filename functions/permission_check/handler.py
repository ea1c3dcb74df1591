"""permission-check: reports what would prevent a sync, without changing anything."""

import os

from aws_lambda_powertools import Logger

from billing_sync.adapters.events.check import FORMS, CheckOne, Listing, NotifyTest, check_event
from billing_sync.compose.invocation import Context, Invocation
from billing_sync.compose.metrics import count
from billing_sync.compose.permission_check import Composed, permission_check
from billing_sync.domain.errors import Blocked
from billing_sync.domain.schema_versions import with_version
from billing_sync.settings import PermissionCheckSettings, from_environment

logger, invocation = Logger(), Invocation()


def composed() -> Composed:
    """The function, composed for each invocation: keys may just have been changed to be tried."""
    return permission_check(from_environment(PermissionCheckSettings, os.environ), invocation)


@logger.inject_lambda_context
def handler(event: object, context: Context) -> dict[str, object]:
    """Run the checks or return a list; an invalid event is refused with the valid forms."""
    invocation.begin(context)
    try:
        match check_event(event):
            case Listing(list=name, search=search, ids=ids, company=company):
                items = composed().lists.read(name, search=search, ids=ids, company=company)
                return with_version(items)
            case NotifyTest(notify=code):
                return with_version(composed().check.notify(code))
            case CheckOne(only=vendor):
                answer = composed().check.run_vendor(vendor)
            case _:
                answer = composed().check.run()
    except Blocked as refused:
        return with_version({"result": f"NOTHING WAS DONE: {refused}", "valid_events": list(FORMS)})
    count({"PermissionCheckWorse": len(answer.worse)})
    document = answer.document()
    logger.info("permissions checked", extra=document)
    return with_version(document)
