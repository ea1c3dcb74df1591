"""Waiting for something to become true, and giving up in time."""

import time
from collections.abc import Callable
from typing import TypeVar

from tools.sandbox.errors import SandboxError

Found = TypeVar("Found")
# Seconds between two looks: a tenth of the time waited so far, within these.
SHORTEST, LONGEST = 0.05, 0.5


def wait_for(subject: str, look: Callable[[], Found | None], *, seconds: float) -> Found:
    """What `look` finds, as soon as that is something; raises SandboxError when time is up."""
    began = time.monotonic()
    while not (found := look()):
        waited = time.monotonic() - began
        if waited > seconds:
            raise SandboxError(f"Waited {seconds:.0f} seconds for {subject}, in vain.")
        time.sleep(min(max(SHORTEST, waited / 10), LONGEST))
    return found
