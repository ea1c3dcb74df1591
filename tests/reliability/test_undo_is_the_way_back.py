"""Undo reverts every quantity that people did not edit since: over random months of billing."""

from collections.abc import Iterator
from random import Random

import pytest

from billing_sync.domain.runs.run import Mode, Run
from tests.integration.small_world import ALDER, COPPERFIELD, XENON
from tests.reliability.months import counts_move, invoice_is_taken, people_edit
from tests.reliability.provider import Days, Provider, provider

pytestmark = pytest.mark.slow("dozens of random months")


MONTHS = 12
WRITTEN_AT_LEAST = 30  # over all months, or the seeds show nothing


@pytest.fixture(scope="module")
def installed() -> Iterator[Provider]:
    """One stack, restored to its beginning for every month."""
    with provider(ALDER, COPPERFIELD, XENON) as ready:
        yield ready


def quantities(days: Days) -> dict[int, float | None]:
    return {
        addition_id: days.stack.quantity(addition_id) for addition_id in days.business.additions
    }


def a_month_is_billed(days: Days, chance: Random) -> Run:
    """The run of a random month's invoice; in some months all rows are held and released."""
    approval = chance.random() < 1 / 3
    days.operators.set(approval="required" if approval else "automatic")
    counts_move(days, chance)
    invoice_is_taken(days)
    if approval:
        days.operators.release(days.stack.newest())
        days.courier.rest()
    return days.stack.newest()


def undone(days: Days, run: Run) -> Run:
    days.operators.undo(run)
    days.courier.rest()
    return days.stack.newest()


def test_undoing_a_month_brings_every_quantity_back_but_those_that_people_set(
    installed: Provider,
) -> None:
    written = 0
    for seed in range(MONTHS):
        chance, days = Random(seed), installed.begin()
        before = quantities(days)
        run = a_month_is_billed(days, chance)
        billed = quantities(days)
        edited = people_edit(days, chance, 1000 + seed)

        undo = undone(days, run)

        expected = {
            addition_id: 1000 + seed if addition_id in edited else before[addition_id]
            for addition_id in before
        }
        assert quantities(days) == expected, f"seed {seed}: {billed}"
        assert undo.request.mode is Mode.UNDO and undo.wrote + len(edited) >= run.wrote
        days.promises.kept_at_rest(days.courier.notices)
        written += run.wrote
    assert written >= WRITTEN_AT_LEAST


def test_undoing_the_undo_of_a_month_bills_it_again(installed: Provider) -> None:
    for seed in range(MONTHS // 3):
        days = installed.begin()
        run = a_month_is_billed(days, Random(seed))
        billed = quantities(days)

        undone(days, undone(days, run))

        assert quantities(days) == billed, f"seed {seed}"
