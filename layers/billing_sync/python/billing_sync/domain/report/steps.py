"""A next step: a sentence, and the event of test-sync where there is one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `event` is the event for test-sync, None where that does not do it."""

    do: str
    event: Mapping[str, object] | None = None

    def as_values(self) -> dict[str, object]:
        """As plain values, with the event to copy."""
        return {"do": self.do} | ({} if self.event is None else {"event": dict(self.event)})


def in_words(step: Mapping[str, object]) -> str:
    """A step, as plain values, as a sentence for a message."""
    return f"{step['do']} {json.dumps(step['event'])}" if "event" in step else str(step["do"])
