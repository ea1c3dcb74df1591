"""Keeping to a share of the vendor's calls, and giving way when it says so."""

import pytest

from billing_sync.adapters.http.rate_limit import Pace
from tests.integration.scripted_server import StandStill


def test_too_many_requests_halves_the_pace_and_answers_give_it_back_slowly() -> None:
    time = StandStill()
    pace = Pace(60, monotonic=lambda: time.now)

    def gap() -> float:
        time.now += pace.reserve()
        return pace.reserve()

    pace.slow_down()
    assert gap() == pytest.approx(2.0)
    for _ in range(10):
        pace.speed_up()
    assert 1.4 < gap() < 2.0
    for _ in range(100):
        pace.speed_up()
    assert gap() == pytest.approx(1.0)


def test_the_pace_never_stops_altogether() -> None:
    pace = Pace(60, monotonic=lambda: 0.0)
    for _ in range(50):
        pace.slow_down()

    pace.reserve()
    assert pace.reserve() <= 60.0
