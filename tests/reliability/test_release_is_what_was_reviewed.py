"""A release writes the reviewed quantities, regardless of later changes: over random months."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

import pytest

from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Mode, Run
from tests.integration.small_world import ALDER, COPPERFIELD, XENON
from tests.reliability.months import counts_move, invoice_is_taken, people_edit
from tests.reliability.provider import Days, Provider, provider

pytestmark = pytest.mark.slow("dozens of random months")


MONTHS = 12
WRITTEN_AT_LEAST = 30  # over all months, or the seeds show nothing
Planned = dict[int | None, tuple[Decimal | None, Decimal | None]]


@pytest.fixture(scope="module")
def installed() -> Iterator[Provider]:
    """One stack, restored to its beginning for every month."""
    with provider(ALDER, COPPERFIELD, XENON) as ready:
        yield ready


def planned(days: Days, run: Run, *outcomes: Outcome) -> Planned:
    """Before and target by addition, of the rows with these outcomes."""
    rows = [state.row for state in days.stack.runs.rows(run) if state.row.outcome in outcomes]
    return {row.addition_id: (row.before, row.target) for row in rows}


def released_bit_by_bit(days: Days, held: Run, chance: Random) -> list[Run]:
    """The release runs of a held run: one per company, in random order."""
    rows = [state.row for state in days.stack.runs.rows(held)]
    companies = sorted({row.company_id for row in rows if row.outcome is Outcome.HELD})
    for company_id in chance.sample(companies, len(companies)):
        days.operators.release(held, companies=(company_id,))
        days.courier.rest()
    runs = [run for run in days.stack.all_runs() if run.request.mode is Mode.RELEASE]
    assert len(runs) == len(companies)
    return runs


def test_releases_write_exactly_what_was_reviewed_though_counts_and_settings_moved_on(
    installed: Provider,
) -> None:
    written = 0
    for seed in range(MONTHS):
        chance, days = Random(seed), installed.begin()
        days.operators.set(approval="required")
        counts_move(days, chance)
        invoice_is_taken(days)
        held = days.stack.newest()
        reviewed = planned(days, held, Outcome.HELD)
        counts_move(days, chance)
        days.operators.set(approval="automatic", zero_policy="write")
        edited = people_edit(days, chance, 1000 + seed)

        releases = released_bit_by_bit(days, held, chance)

        done: Planned = {}
        for run in releases:
            done |= planned(days, run, Outcome.UPDATED)
            conflicts = planned(days, run, Outcome.CONFLICT)
            assert conflicts.keys() <= edited
        assert done == {
            addition_id: row for addition_id, row in reviewed.items() if addition_id not in edited
        }
        quantities = {addition_id: days.stack.quantity(addition_id) for addition_id in reviewed}
        expected = {
            addition_id: 1000 + seed if addition_id in edited else row[1]
            for addition_id, row in reviewed.items()
        }
        assert quantities == expected, f"seed {seed}"
        days.promises.kept_at_rest(days.courier.notices)
        written += len(done)
    assert written >= WRITTEN_AT_LEAST
