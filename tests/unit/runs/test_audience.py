"""Notifications that nobody receives are repeated at growing intervals, until somebody does."""

from datetime import timedelta

import pytest

from billing_sync.domain.runs.audience import Audience
from tests.unit.builders import INVOICED

NOBODY = Audience(subscribed=False)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("times", "wait"),
    [
        (1, timedelta(minutes=10)),
        (2, timedelta(hours=1)),
        (3, timedelta(days=1)),
        (9, timedelta(days=1)),
    ],
)
def test_each_unheard_notification_waits_longer_for_the_next(times: int, wait: timedelta):
    audience, now = NOBODY, INVOICED
    for _ in range(times):
        audience = audience.tried(now)
        now += timedelta(days=2)
    tried_at = audience.tried_at

    assert audience.unheard == times and tried_at
    assert not audience.due(tried_at + wait - MINUTE) and audience.due(tried_at + wait)


def test_another_unheard_notification_before_its_time_does_not_lengthen_the_wait():
    once = NOBODY.tried(INVOICED)

    assert once.tried(INVOICED + MINUTE) == once


def test_whoever_subscribes_or_confirms_ends_the_waits():
    waits = NOBODY.tried(INVOICED)

    assert waits.found(subscribed=True) == Audience()
    assert waits.found(subscribed=False, external="Ann").due(INVOICED)
    assert waits.found(subscribed=False) == waits


def test_the_last_look_at_who_is_notified_elsewhere_stays_known():
    external = Audience(subscribed=False, external="Ann on 2026-07-01")

    assert external.found(subscribed=False).reached
    assert not external.found(subscribed=False, external="").reached
