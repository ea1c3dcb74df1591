"""An organization billed to another company than before waits until a person says that it is so."""

from dataclasses import replace

import pytest

from billing_sync.domain.config.mappings import Mappings, OrganizationMapping
from billing_sync.domain.plan.plan import Part, Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.planning.previous_cycle import LastCycle, moves, totals_of_both
from billing_sync.domain.statement.statement import Line
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import a_mapping, a_part, a_row, a_usage

HERE, BEFORE = 1, 7


def a_line(
    outcome: Outcome,
    *,
    billed_to: int | None = None,
    billed_units: int | None = None,
    released_by: str = "",
    **changes: object,
) -> Line:
    (source,) = a_part(12).sources
    known = replace(source, billed_to=billed_to, billed_units=billed_units)
    part = Part(Product.EDR, (known,))
    row: Row = a_row(outcome=outcome, parts=(part,), company_id=HERE, **changes)
    return Line(row, planned_by="000001-sync", released_by=released_by)


@pytest.mark.parametrize("outcome", [Outcome.UPDATED, Outcome.UNCHANGED])
def test_an_organization_was_billed_where_its_row_was_settled(outcome):
    assert LastCycle.of([[a_line(outcome)]]).companies == {101: HERE}


@pytest.mark.parametrize("outcome", [Outcome.HELD, Outcome.BLOCKED, Outcome.CONFLICT])
def test_a_row_that_was_not_settled_says_nothing_of_where_an_organization_belongs(outcome):
    assert LastCycle.of([[a_line(outcome)]]).companies == {}
    assert LastCycle.of([[a_line(outcome, billed_to=BEFORE)]]).companies == {101: BEFORE}


def test_a_move_counts_once_it_was_released():
    held = a_line(Outcome.HELD, billed_to=BEFORE)

    assert LastCycle.of([[replace(held, released_by="000002-release")]]).companies == {101: HERE}


def test_a_release_that_wrote_nothing_confirms_no_move_and_no_units():
    blocked = a_line(
        Outcome.BLOCKED, billed_to=BEFORE, billed_units=3, released_by="000002-release"
    )

    found = LastCycle.of([[blocked]])

    assert (found.companies, set(found.units.values())) == ({101: BEFORE}, {3})


def test_a_move_that_changed_no_quantity_is_not_confirmed():
    assert LastCycle.of([[a_line(Outcome.UNCHANGED, billed_to=BEFORE)]]).companies == {101: BEFORE}


@pytest.mark.parametrize("order", [1, -1])
def test_one_released_row_moves_the_organization_for_all_its_products(order):
    released = a_line(Outcome.HELD, billed_to=BEFORE, released_by="000002-release")
    waiting = a_line(Outcome.UNCHANGED, billed_to=BEFORE, addition_id=702)

    assert LastCycle.of([[released, waiting][::order]]).companies == {101: HERE}


@pytest.mark.parametrize(
    ("outcome", "released_by", "units"),
    [
        (Outcome.UPDATED, "", 12),
        (Outcome.UNCHANGED, "", 12),
        (Outcome.HELD, "", 3),
        (Outcome.HELD, "000002-release", 12),
    ],
)
def test_units_count_as_billed_once_nothing_held_them(outcome, released_by, units):
    line = a_line(outcome, billed_to=HERE, billed_units=3, released_by=released_by)

    assert LastCycle.of([[line]]).units == {(101, Product.EDR): units}


@pytest.mark.parametrize(
    ("other", "released_by", "units"),
    [
        (Outcome.UNCHANGED, "", 24),
        (Outcome.HELD, "000002-release", 24),
        (Outcome.HELD, "", 20),
        (Outcome.CONFLICT, "", 20),
    ],
)
def test_the_units_of_a_split_are_those_of_all_its_rows_once_none_of_them_waits(
    other, released_by, units
):
    written = a_line(Outcome.UPDATED, billed_to=HERE, billed_units=20)
    second = a_line(
        other, billed_to=HERE, billed_units=20, released_by=released_by, addition_id=702
    )

    assert LastCycle.of([[written, second]]).units == {(101, Product.EDR): units}
    assert LastCycle.of([[second, written]]).units == {(101, Product.EDR): units}


def test_a_later_run_of_the_cycle_says_anew_what_was_billed():
    line = a_line(Outcome.UPDATED)

    assert LastCycle.of([[line], [line]]).units == {(101, Product.EDR): 12}


def test_both_companies_of_a_move_get_a_message():
    messages = moves(LastCycle({101: BEFORE, 102: 2}), a_mapping({101: HERE, 102: 2}))

    assert set(messages) == {HERE, BEFORE}
    assert "organization 101 was billed to company 7" in messages[HERE]
    assert "was billed here in the last cycle and is not any more" in messages[BEFORE]
    assert all("MAPPING / ORG#101" in message for message in messages.values())


def test_an_organization_that_lost_its_mapping_left_its_company():
    assert set(moves(LastCycle({101: BEFORE}), a_mapping({}))) == {BEFORE}


def test_an_excluded_organization_left_with_a_reason_and_a_new_one_came_from_nowhere():
    excluded = OrganizationMapping(101, None, excluded="ours")
    mappings = Mappings({101: excluded, 102: OrganizationMapping(102, 2)})

    assert moves(LastCycle({101: BEFORE}), mappings) == {}


def test_totals_are_of_organizations_counted_in_both_cycles_and_name_the_others():
    then = (a_usage(101, {"edr": 5, "sat": "no answer"}), a_usage(102, {"edr": 7}))
    now = (a_usage(101, {"edr": 6, "sat": 9, "siem": 2}), a_usage(103, {"edr": 40}))

    totals = totals_of_both(now, then)

    assert totals.now == {Product.EDR: 6, Product.SIEM: 2}
    assert totals.then == {Product.EDR: 5, Product.SIEM: 0}
    assert (totals.came, totals.left) == (("Organization 103",), ("Organization 102",))
