"""The guards' default limits pass ordinary months and stop every planted mistake.

`python -m tests.unit.simulation` prints the figures that `docs/guards.md` gives.
"""

import pytest

from tests.unit.simulation.__main__ import figures, writes
from tests.unit.simulation.mistakes import MISTAKES
from tests.unit.simulation.months import chance_of, months

pytestmark = pytest.mark.slow("hundreds of simulated months")


YEARS = 20


@pytest.fixture(scope="module")
def ordinary() -> list[str]:
    """The figures of every month of these years."""
    return [
        figure
        for year in range(YEARS)
        for month in months(chance_of(f"year {year}"), 12)
        for figure in figures(month)
    ]


def test_fewer_than_one_ordinary_month_in_twenty_is_wholly_held(ordinary: list[str]) -> None:
    assert ordinary.count("months") == YEARS * 12
    assert ordinary.count("months, wholly held") * 20 < ordinary.count("months")


def test_the_guards_are_tuned_to_months_that_are_not_too_quiet(ordinary: list[str]) -> None:
    assert {"rows held, rise", "rows held, zero_usage", "rows held, edited"} <= set(ordinary)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_planted_mistake_is_never_written(mistake) -> None:
    chance = chance_of(mistake.__name__)

    missed = [
        (year, number)
        for year in range(YEARS // 4)
        for number, month in enumerate(months(chance_of(f"year {year}"), 12))
        if writes(mistake, month, chance)
    ]

    assert missed == []
