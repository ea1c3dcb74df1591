"""All checks in a row, and what got worse since the last time."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from billing_sync.domain.checks.check import Check, got_worse, known_by_now, summary
from billing_sync.domain.event_types import CHECK_WORSE
from billing_sync.flows.checks.connectwise import ConnectWiseChecks
from billing_sync.flows.checks.huntress import HuntressChecks
from billing_sync.flows.checks.inputs import Facts
from billing_sync.flows.checks.ports import (
    Checks,
    ConnectWiseToCheck,
    HuntressToCheck,
    Topic,
    WrittenAdditions,
)
from billing_sync.flows.checks.setup import SetupChecks
from billing_sync.flows.ports import Bus, Clock, Config

MOST_IN_EVENT = 50  # checks; EventBridge takes 256 KB
MESSAGE_IN_EVENT = 1000  # characters


@dataclass(frozen=True, slots=True)
class Answer:
    """All lines, and those that got worse."""

    checks: tuple[Check, ...]
    worse: tuple[Check, ...]

    def told(self) -> dict[str, object]:
        """As people and programs get it."""
        return {
            "result": summary(self.checks),
            "worse": [one.check for one in self.worse],
            "checks": [asdict(one) for one in self.checks],
        }


@dataclass(frozen=True, slots=True)
class PermissionCheck:
    """Runs every check; one that fails never keeps another from being run."""

    huntress: Callable[[], HuntressToCheck]
    connectwise: Callable[[], ConnectWiseToCheck]
    config: Config
    written: WrittenAdditions
    topic: Topic
    checks: Checks
    bus: Bus
    clock: Clock

    def run(self) -> Answer:
        """All checks; what got worse is put on the bus before it is remembered."""
        found = tuple(self._all())
        last = self.checks.last()
        worse = got_worse(found, last)
        if worse:
            self.bus.put(CHECK_WORSE, _detail(found, worse))
        self.checks.save(known_by_now(found, last))
        return Answer(found, worse)

    def run_one(self, vendor: str) -> Answer:
        """The checks of `huntress` or `connectwise`; a try is not remembered and tells nobody."""
        side = HuntressChecks if vendor == "huntress" else ConnectWiseChecks
        return Answer(tuple(side(self._facts()).all()), worse=())

    def _all(self) -> Iterator[Check]:
        facts = self._facts()
        yield from HuntressChecks(facts).all()
        yield from ConnectWiseChecks(facts).all()
        yield from SetupChecks(facts, self.topic).all()

    def _facts(self) -> Facts:
        return Facts(self.huntress, self.connectwise, self.config, self.written, self.clock)


def _detail(found: tuple[Check, ...], worse: tuple[Check, ...]) -> dict[str, object]:
    told = [
        {**asdict(one), "message": one.message[:MESSAGE_IN_EVENT]} for one in worse[:MOST_IN_EVENT]
    ]
    return {"result": summary(found), "worse": told, "not_told": len(worse) - len(told)}
