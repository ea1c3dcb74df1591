"""company-sync in a process of its own, to be killed: the time and the event come on stdin."""

import json
import sys
from datetime import datetime

from tests.clock import world_clock


def main() -> None:
    """One invocation."""
    asked = json.load(sys.stdin)
    with world_clock(datetime.fromisoformat(asked["at"])):
        from functions.company_sync.handler import handler  # noqa: PLC0415 - in its time
        from tests.integration.local_stack import LambdaContext  # noqa: PLC0415

        handler(asked["event"], LambdaContext())


if __name__ == "__main__":
    main()
