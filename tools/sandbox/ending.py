"""Ending in good order on Ctrl-C or SIGTERM."""

import signal
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def end_in_good_order() -> None:
    """From now on either signal raises KeyboardInterrupt, once: what follows is clearing up."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
