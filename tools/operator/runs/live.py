"""A run while it goes on: a bar on a terminal, a line for what takes long in a pipe."""

from types import TracebackType

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bar

from billing_sync.domain.runs.run import Status
from tools.operator.runs.progress import Progress

TAKES_LONG = (Status.APPLYING, Status.PAUSED, Status.ENDING)


class Live:
    """Shows the newest state on standard error while inside the `with`."""

    def __init__(self, waiting: str) -> None:
        console = Console(stderr=True, highlight=False)
        self._on_terminal = console.is_terminal
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[rows]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not self._on_terminal,
        )
        self._task = self._bar.add_task(escape(waiting), total=None, rows="")
        self._printed = ""

    def __enter__(self) -> "Live":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def show(self, now: Progress) -> None:
        """How far the run is now."""
        phase = f"{now.run_id}: {now.status}" + (f" ({now.why})" if now.why else "")
        left = f", {now.companies_left} companies left" if now.companies_left else ""
        if not self._on_terminal:
            self._print(now, phase)
            return
        rows = f"{now.rows_done} of {now.rows} rows" if now.rows else ""
        self._bar.update(
            self._task,
            description=escape(phase + left),
            completed=now.rows_done,
            total=now.rows or None,
            rows=rows,
        )

    def _print(self, now: Progress, phase: str) -> None:
        if now.status in TAKES_LONG and phase != self._printed:
            self._printed = phase
            click.echo(f"{phase}, {now.rows_done} of {now.rows} rows done", err=True)
