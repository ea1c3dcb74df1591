"""Who receives notifications, and when those that nobody received are repeated."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

REPEATED_AFTER = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))  # then daily
MISSED_AFTER = timedelta(days=30)  # what is older comes in one message
NOBODY = (
    "NO NOTIFICATIONS ARE SENT: nobody confirmed a subscription. `billing-sync check` shows how to"
    " subscribe."
)


@dataclass(frozen=True, slots=True)
class Subscribers:
    """The subscribers of a topic: how many confirmed, and who has not yet."""

    confirmed: int
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """What is known of the receivers; the defaults are what is assumed before the first look.

    `subscribed` is whether the topic has a confirmed subscriber. `external` is who received a test
    event outside of the topic, and when, "" when nobody did. `unheard` counts the notifications in
    a row that nobody received, the last one tried at `tried_at`.
    """

    subscribed: bool = True
    external: str = ""
    unheard: int = 0
    tried_at: datetime | None = None

    @property
    def reached(self) -> bool:
        """Whether anybody receives a notification."""
        return self.subscribed or bool(self.external)

    def due(self, now: datetime) -> bool:
        """Whether notifications may be tried: always, but for the waits after unheard ones."""
        if not self.unheard or self.tried_at is None:
            return True
        wait = REPEATED_AFTER[min(self.unheard, len(REPEATED_AFTER)) - 1]
        return now >= self.tried_at + wait

    def found(self, *, subscribed: bool, external: str | None = None) -> "Audience":
        """What is known after another look; an `external` of None is as before."""
        looked = replace(self, subscribed=subscribed)
        if external is not None:
            looked = replace(looked, external=external)
        return replace(looked, unheard=0, tried_at=None) if looked.reached else looked

    def tried(self, now: datetime) -> "Audience":
        """What is known after a notification that nobody received."""
        return replace(self, unheard=self.unheard + 1, tried_at=now) if self.due(now) else self
