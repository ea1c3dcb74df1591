"""Commands as an operator types them, with what they print."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tools.sandbox.command_line import billing_sync

NOTHING_LEFT, SOMETHING_WAITS = 0, 4  # exit statuses of `billing-sync`


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Types `billing-sync` at the sandbox that this folder describes."""

    console: Console
    folder: Path

    def types(
        self, *words: str, may_end: Sequence[int] = (NOTHING_LEFT,), most: int | None = None
    ) -> None:
        """Show the command and the first lines it prints, at `most` so many.

        Raises SandboxError where it ends otherwise than with one of `may_end`.
        """
        self.console.print(Text(f"\n$ billing-sync {shlex.join(words)}", style="bold cyan"))
        colour = self.console.is_terminal
        printed = billing_sync(self.folder, *words, may_end=may_end, colour=colour)
        lines = printed.strip("\n").splitlines()
        for line in lines[:most]:
            self.console.print(Text.from_ansi(line), soft_wrap=True)
        if most is not None and len(lines) > most:
            self.console.print(f"... and {len(lines) - most} more lines", highlight=False)
