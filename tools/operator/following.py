"""Asking for a run and following it to its end."""

import sys
import time
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from tools.operator.errors import Refused
from tools.operator.stack import Stack

LOOK_EVERY = 2.0
ENDED_BADLY = frozenset({"failed", "incomplete", "stopped"})


def followed(stack: Stack, event: Mapping[str, object]) -> dict[str, Any]:
    """The closed run as test-sync tells it; on a terminal a line says meanwhile where it stands.

    Raises `Refused` with the stack's own words when nothing was done.
    """
    console, began = Console(stderr=True), time.monotonic()
    with console.status(f"{stack.name}: asking …") as status:
        if not console.is_terminal:
            status.stop()
        told = stack.test_sync(event)
        while told.get("status", "closed") != "closed":
            seconds = time.monotonic() - began
            status.update(f"{told['run_id']}: {told['status']}, {seconds:.0f} s")
            time.sleep(LOOK_EVERY)
            told = stack.test_sync({"action": "show", "run_id": told["run_id"]})
    if "run_id" not in told or told["verdict"] == "refused":
        raise Refused(str(told["result"]))
    return told


def end(told: Mapping[str, Any]) -> None:
    """End the command with the status that the run deserves."""
    sys.exit(1 if told["verdict"] in ENDED_BADLY else 0)
