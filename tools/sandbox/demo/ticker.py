"""What goes on right now: one line that changes in a terminal, a line for each phase in a pipe."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console

from billing_sync.domain.run import Status
from tools.operator.progress import Progress


class Ticker:
    """Shows the newest state while inside the `with`; what each phase came to stays."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("")
        self._phase: Status | None = None
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._status.stop()

    def show(self, text: str) -> None:
        """Something without numbers."""
        if not self._console.is_terminal:
            self._console.print(text)
        self._status.update(text)

    def progress(self, now: Progress) -> None:
        """How far the run is."""
        if self._phase and now.status is not self._phase:
            self._console.print(f"  {self._told(self._phase, now)}", highlight=False)
        if now.status is not self._phase:
            self._phase, self._since = now.status, time.monotonic()
        left = f", {now.companies_left} companies left" if now.companies_left else ""
        self._status.update(f"{self._told(now.status, now)}{left}")

    def _told(self, phase: Status, now: Progress) -> str:
        seconds = time.monotonic() - self._since
        told = f"{phase:<10}{seconds:5.1f} s"
        if phase is Status.APPLYING and seconds:
            told += f", {now.rows_done} of {now.rows} rows, {now.rows_done / seconds:.1f} a second"
        return told
