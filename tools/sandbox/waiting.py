"""Waiting for something to become true, and giving up in time."""

import time
from collections.abc import Callable
from typing import TypeVar

from tools.sandbox.errors import SandboxError

Found = TypeVar("Found")
LOOK_EVERY = 0.1


def wait_for(what: str, look: Callable[[], Found | None], *, seconds: float) -> Found:
    """What `look` finds, as soon as that is something; raises SandboxError when time is up."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise SandboxError(f"Waited {seconds:.0f} seconds for {what}, in vain.")
        time.sleep(LOOK_EVERY)
    return found
