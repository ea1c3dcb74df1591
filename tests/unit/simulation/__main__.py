"""Prints the figures of `docs/guards.md`: `python -m tests.unit.simulation [years]`."""

import sys
from collections import Counter
from collections.abc import Iterator
from random import Random

from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.planning.make_plan import make_plan
from tests.unit.simulation.mistakes import MISTAKES, Mistake
from tests.unit.simulation.months import Month, chance_of, months


def main(years: int = 50) -> None:
    """Bill this many years, and plant every mistake in every month."""
    seen: Counter[str] = Counter()
    for year in range(years):
        chance = chance_of(f"mistakes of year {year}")
        for month in months(chance_of(f"year {year}"), 12):
            seen.update(figures(month))
            seen.update(
                f"{one.__name__}, written" for one in MISTAKES if writes(one, month, chance)
            )
    for figure, count in sorted(seen.items()):
        print(  # noqa: T201 - it is there to print
            f"{figure:<40}{count:>8}"
        )


def figures(month: Month) -> Iterator[str]:
    """What is counted of an ordinary month."""
    plan = month.plan()
    yield "months"
    if plan.guard_messages:
        yield "months, wholly held"
    for row in plan.rows:
        yield "rows"
        if row.outcome is Outcome.HELD:
            yield f"rows held, {row.reason}"


def writes(mistake: Mistake, month: Month, chance: Random) -> bool:
    """Whether the mistake, planted in this month, would bill anybody wrongly."""
    planted = mistake(month, chance)
    return any(r.to_write for r in make_plan(planted.inputs).rows if r.addition_id in planted.wrong)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
