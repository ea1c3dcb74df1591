"""All checks in a row, and what got worse since the last time."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from billing_sync.domain.checks.check import Check, got_worse, known_by_now, summary
from billing_sync.domain.event_types import CHECK_WORSE, NOTIFICATION_TEST
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
from billing_sync.flows.report.audience import AudienceBook

MOST_IN_EVENT = 50  # checks; EventBridge takes 256 KB
MESSAGE_IN_EVENT = 1000  # characters


@dataclass(frozen=True, slots=True)
class Answer:
    """All checks, and those that got worse."""

    checks: tuple[Check, ...]
    worse: tuple[Check, ...]

    def document(self) -> dict[str, object]:
        """The answer for people and programs."""
        return {
            "result": summary(self.checks),
            "worse": [check.check for check in self.worse],
            "checks": [asdict(check) for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class PermissionCheck:
    """Runs every check; a failed check never prevents another."""

    huntress: Callable[[], HuntressToCheck]
    connectwise: Callable[[], ConnectWiseToCheck]
    config: Config
    written: WrittenAdditions
    topic: Topic
    alarm_topic: Topic
    audience: AudienceBook
    checks: Checks
    bus: Bus
    clock: Clock

    def run(self) -> Answer:
        """All checks; what got worse is put on the bus before it is stored."""
        found = tuple(self._all())
        last = self.checks.last()
        worse = got_worse(found, last)
        if worse:
            self.bus.put(CHECK_WORSE, _detail(found, worse))
        self.checks.save(known_by_now(found, last))
        return Answer(found, worse)

    def run_vendor(self, vendor: str) -> Answer:
        """The checks of `huntress` or `connectwise`; the result is neither stored nor notified."""
        side = HuntressChecks if vendor == "huntress" else ConnectWiseChecks
        return Answer(tuple(side(self._facts()).all()), worse=())

    def notify(self, code: str) -> dict[str, object]:
        """Put a test notification with this code on the bus; nobody is mailed."""
        text = f"Test notification of the Huntress billing sync. Its code is {code}."
        self.bus.put(NOTIFICATION_TEST, {"code": code, "text": text})
        return {"result": f"'{NOTIFICATION_TEST}' was put on the stack's bus"}

    def _all(self) -> Iterator[Check]:
        facts = self._facts()
        yield from HuntressChecks(facts).all()
        yield from ConnectWiseChecks(facts).all()
        yield from SetupChecks(facts, self.topic, self.alarm_topic, self.audience).all()

    def _facts(self) -> Facts:
        return Facts(self.huntress, self.connectwise, self.config, self.written, self.clock)


def _detail(found: tuple[Check, ...], worse: tuple[Check, ...]) -> dict[str, object]:
    shown = [
        {**asdict(check), "message": check.message[:MESSAGE_IN_EVENT]}
        for check in worse[:MOST_IN_EVENT]
    ]
    return {"result": summary(found), "worse": shown, "not_told": len(worse) - len(shown)}
