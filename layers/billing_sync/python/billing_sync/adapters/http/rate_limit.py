"""An adapter's clock, and the rate limit of its calls to a vendor."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Clock and random numbers of an adapter. `time_left`: seconds until the invocation ends."""

    time_left: Callable[[], float]
    sleep: Callable[[float], None]
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random


class Pace:
    """Spreads calls evenly over the minute.

    A 429 halves the rate; every other answer raises it by a hundredth of the full share.
    Safe to share between threads.
    """

    def __init__(self, calls_per_minute: int, *, monotonic: Callable[[], float]) -> None:
        self._share = float(calls_per_minute)
        self._rate = self._share
        self._monotonic = monotonic
        self._next = monotonic()
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Reserve the next free moment; returns the seconds to wait for it."""
        with self._lock:
            now = self._monotonic()
            start = max(now, self._next)
            self._next = start + 60 / self._rate
            return start - now

    def slow_down(self) -> None:
        """After a 429."""
        with self._lock:
            self._rate = max(1.0, self._rate / 2)

    def speed_up(self) -> None:
        """After any other answer."""
        with self._lock:
            self._rate = min(self._share, self._rate + self._share / 100)
