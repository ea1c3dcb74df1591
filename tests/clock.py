"""The clock of a test's world: set to a day, moved by hand, and by whoever sleeps."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import time_machine


@contextmanager
def world_clock(at: datetime, *, tick: bool = True) -> Iterator[time_machine.Traveller]:
    """Until the end it is `at`, and later with `tick`; nobody waits who sleeps.

    A clock that ticks is moved by sleeping, one that stands still is moved by hand only.
    """
    real = time.sleep
    with time_machine.travel(at, tick=tick) as clock:
        time.sleep = clock.shift if tick else _no_time
        try:
            yield clock
        finally:
            time.sleep = real


def _no_time(_: float) -> None:
    """A sleep in a world whose clock stands still."""
