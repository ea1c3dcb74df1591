"""Notifications that count as sent only where somebody receives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from billing_sync.domain.errors import BillingSyncError
from billing_sync.domain.runs.audience import Audience, Subscribers
from billing_sync.flows.ports import Bus, Clock, Config


class AudienceBook(Protocol):
    """What is known of the receivers of notifications."""

    def get(self) -> Audience: ...
    def save(self, audience: Audience, *, was: Audience) -> None: ...


class Topic(Protocol):
    """The notification topic."""

    def subscribers(self) -> Subscribers: ...
    def publish(self, subject: str, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class HeardNotices:
    """Looks for a receiver before each notification; raises as the topic does."""

    topic: Topic
    audience: AudienceBook
    clock: Clock

    def send(self, subject: str, text: str) -> bool:
        """Send it; False when nobody would receive it, so that it stays to be sent."""
        was = self.audience.get()
        now = was.found(subscribed=self.topic.subscribers().confirmed > 0)
        if not now.reached:  # guard: unheard-is-not-sent
            self.audience.save(now.tried(self.clock()), was=was)
            return False
        self.topic.publish(subject, text)
        self.audience.save(now, was=was)
        return True


@dataclass(frozen=True, slots=True)
class Repeats:
    """The bus for notifications that are put until they are sent, at growing intervals."""

    bus: Bus
    audience: AudienceBook
    config: Config
    clock: Clock

    def look(self) -> None:
        """Take over from the settings who receives notifications outside of the topic."""
        try:
            external = self.config.settings().external_notifications
        except BillingSyncError:
            return  # nothing is known anew
        was = self.audience.get()
        self.audience.save(was.found(subscribed=was.subscribed, external=external), was=was)

    def due(self) -> bool:
        """Whether what nobody received so far may be tried again."""
        return self.audience.get().due(self.clock())

    def put(self, detail_type: str, detail: Mapping[str, object]) -> None:
        """Put the event where it is due; its watcher puts it again at the next tick."""
        if self.due():
            self.bus.put(detail_type, detail)
