"""What was said on the command line, so that it need not be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Console

from tools.operator.credentials.sources import Source
from tools.operator.stack import Stack


@dataclass(frozen=True, slots=True)
class Setup:
    """One pass of setup: the stack, where to print, and the answers that were given beforehand.

    `items` are catalog item ids by product. `turn_on` is None where the last question is asked.
    """

    stack: Stack
    console: Console
    source: Source
    items: Mapping[str, int] = field(default_factory=dict)
    accept_exact: bool = False
    huntress_sync_is_off: bool = False
    turn_on: bool | None = None

    def print(self, text: str) -> None:
        """A sentence, as it is."""
        self.console.print(text, markup=False, highlight=False)
