"""permission-check: tells, without changing anything, what would keep a sync from working."""

import os
from dataclasses import asdict
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from billing_sync.compose.counting import count
from billing_sync.compose.invocation import Invocation
from billing_sync.compose.permission_check import permission_check
from billing_sync.flows.check import PermissionCheck, summary
from billing_sync.settings import PermissionCheckSettings, from_environment

logger, invocation = Logger(), Invocation()


@cache
def composed() -> PermissionCheck:
    """The function, put together once for the life of its container."""
    return permission_check(from_environment(PermissionCheckSettings, os.environ), invocation)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - takes none
    """Run every check, whatever the event says."""
    invocation.begin(context)
    checks, worse = composed().run()
    count(PermissionCheckWorse=len(worse))
    told = {"result": summary(checks), "worse": worse, "checks": [asdict(one) for one in checks]}
    logger.info("permissions checked", extra=told)
    return told
