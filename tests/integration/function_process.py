"""All functions in a process of their own: an invocation a line on stdin, its answer on stdout."""

import json
import sys
from contextlib import redirect_stdout
from datetime import datetime
from importlib import import_module

from tests.clock import world_clock


def main() -> None:
    """Answer until stdin ends; what a function prints goes to stderr."""
    for line in sys.stdin:
        asked = json.loads(line)
        with (
            world_clock(datetime.fromisoformat(asked["at"])),
            redirect_stdout(sys.stderr),
        ):
            from tests.integration.local_stack import LambdaContext  # noqa: PLC0415 - in its time

            function = import_module(f"functions.{asked['function']}.handler")
            answer = function.handler(asked["event"], LambdaContext(asked["seconds"]))
        print(json.dumps(answer), flush=True)  # noqa: T201 - this is how it answers


if __name__ == "__main__":
    main()
