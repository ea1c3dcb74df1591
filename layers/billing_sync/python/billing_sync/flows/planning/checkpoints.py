"""Reading in stages: what one invocation had no time for, the next one reads, and nothing twice."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from billing_sync.domain.vendors.connectwise import BulkRead
from billing_sync.flows.ports import TimeLeft

# Seconds of an invocation kept for what follows reading: planning, committing and sending.
RESERVE = 300.0


class OutOfTime(Exception):
    """This invocation must end; another one goes on at once from what the ledger has.

    The message says how far it came.
    """


class StageBook(Protocol):
    """What the planners of a run have read, by stage; what is kept first stays."""

    def kept(self, run_id: str, stage: str) -> BulkRead | None: ...
    def keep(self, run_id: str, stage: str, read: BulkRead) -> None: ...


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages of one run in one turn: a run that gave its turn back reads everything anew."""

    book: StageBook
    run_id: str
    turn: int
    time_left: TimeLeft

    def read(
        self,
        what: str,
        ids: Sequence[int],
        reading: Callable[[Sequence[int]], BulkRead],
        *,
        once: bool = False,
    ) -> BulkRead:
        """What was read of `what` for exactly these ids, or else read now.

        An incomplete read is not kept, but for one that is tried only `once` in a run. Raises
        `OutOfTime` where there is no time to begin.
        """
        stage = f"{self.turn}#{what}#{hashlib.sha256(repr(ids).encode()).hexdigest()}"
        kept = self.book.kept(self.run_id, stage)
        if kept is not None:
            return kept
        if self.time_left() < RESERVE:
            raise OutOfTime(f"ConnectWise's {what} are still to be read")
        read = reading(ids)
        if once or not read.unread:
            self.book.keep(self.run_id, stage, read)
        return read


class ReadAtOnce:
    """For whoever has no run to go on with: everything is read now, and nothing kept."""

    def read(
        self, what: str, ids: Sequence[int], reading: Callable[[Sequence[int]], BulkRead]
    ) -> BulkRead:
        """As `Stages.read`; `what` names the stage, which nobody asks for again."""
        del what
        return reading(ids)
