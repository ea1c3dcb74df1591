"""What a person may or must do next: a sentence, and the event of test-sync where one does it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `event` is what to press test-sync with, None where that does not do it."""

    do: str
    event: Mapping[str, object] | None = None

    def told(self) -> dict[str, object]:
        """As plain values; the event is one to copy."""
        return {"do": self.do} | ({} if self.event is None else {"event": dict(self.event)})


def in_words(step: Mapping[str, object]) -> str:
    """A told step as a sentence for a message."""
    return f"{step['do']} {json.dumps(step['event'])}" if "event" in step else str(step["do"])
