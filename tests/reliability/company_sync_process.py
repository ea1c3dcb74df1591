"""company-sync in a process of its own, to be killed: the time and the event come on stdin."""

import json
import sys
from datetime import datetime

import time_machine


def main() -> None:
    """One invocation."""
    asked = json.load(sys.stdin)
    with time_machine.travel(datetime.fromisoformat(asked["at"]), tick=True):
        from functions.company_sync.handler import handler  # noqa: PLC0415 - in its time
        from tests.integration.local_stack import LambdaContext  # noqa: PLC0415

        handler(asked["event"], LambdaContext())


if __name__ == "__main__":
    main()
