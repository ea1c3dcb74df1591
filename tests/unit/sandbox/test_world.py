"""The seeded world has every edge case and does not trip the guards of a whole run."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from tools.sandbox.vendors.connectwise import ConnectWiseFake
from tools.sandbox.world.build import build_world
from tools.sandbox.world.catalog import ITEMS, SYNCED_PRODUCTS
from tools.sandbox.world.expected import expected_quantities, held_additions

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
SYNCED = {ITEMS[product].id for product in SYNCED_PRODUCTS}


@pytest.fixture(scope="module")
def world():
    return build_world(NOW)


@pytest.fixture(scope="module")
def expected(world):
    return expected_quantities(world)


def test_the_same_moment_gives_the_same_world(world):
    assert build_world(NOW) == world


def test_about_forty_companies_with_well_over_ninety_additions_to_look_at(world):
    synced = [row for row in world.connectwise.additions.values() if row["product"]["id"] in SYNCED]
    assert len(world.companies) == 46
    assert len(synced) > 90


def test_only_five_additions_wait_for_a_person_and_each_for_its_own_reason(world):
    assert held_additions(world) == {
        259_0_01,  # Umber Studios: no agents left
        262_0_01,  # Xenon Labs: 20 to 200
        263_0_03,  # Yarrow Clinics: 60 to 25
        267_0_03,  # Cobalt Insurance: somebody edited it
        268_0_01,  # Dunmore Recruitment: billed once a year
    }


def test_no_product_moves_by_a_fifth_even_when_everything_held_is_released(world):
    everything = frozenset(world.connectwise.additions)
    released = expected_quantities(world, released=everything)
    before, after = Counter(), Counter()
    for addition_id, row in world.connectwise.additions.items():
        before[row["product"]["id"]] += row["quantity"]
        after[row["product"]["id"]] += released[addition_id]
    assert {item for item in before if abs(after[item] / before[item] - 1) >= 0.2} == set()


@pytest.mark.parametrize(
    ("addition_id", "quantity", "why"),
    [
        (250_0_01, 63, "three organizations bill as one: 25 + 20 + 18"),
        (251_0_01, 58, "two organizations: 56 + 2"),
        (253_0_01, 40, "ambiguous, stays"),
        (253_1_01, 33, "ambiguous, stays"),
        (254_0_01, 30, "cancelled, stays"),
        (254_0_02, 34, "the live one beside it"),
        (255_0_01, 12, "future agreement"),
        (256_0_01, 13, "expired agreement"),
        (257_0_01, 30, "cancelled agreement"),
        (258_1_01, 86, "on the child agreement"),
        (259_0_01, 8, "zero is held"),
        (260_0_03, 25, "unknown is not zero"),
        (261_0_01, 16, "no charge is written too"),
        (262_0_01, 20, "jump is held"),
        (263_0_03, 60, "fall is held"),
        (264_0_03, 2, "not effective yet"),
        (265_0_01, 9, "no longer effective"),
        (266_0_01, 32, "included units are the agreement's own affair"),
        (266_0_02, 26, "live until its future end"),
        (267_0_03, 42, "edited by a person"),
        (268_0_01, 22, "billed once a year"),
        (269_0_01, 15, "orphaned"),
        (271_0_03, 48, "not in the settings"),
        (272_0_01, 21, "pinned to the first agreement"),
        (272_1_01, 33, "pinned to the second"),
        (273_0_01, 30, "fixed by a split"),
        (273_1_01, 12, "left of 25 + 17"),
        (274_0_01, 16, "through a catalog item of its own"),
        (275_0_01, 11, "nobody uses what it bills"),
        (301_0_02, 25, "ordinary"),
    ],
)
def test_the_independent_computation_knows_each_case(expected, addition_id, quantity, why):
    assert expected[addition_id] == quantity, why


def test_a_released_addition_gets_what_was_counted_and_others_stay_held(world):
    released = expected_quantities(world, released=frozenset({262_0_01}))
    assert (released[262_0_01], released[263_0_03]) == (200, 60)


def test_an_earlier_run_left_its_quantities_except_where_somebody_edited(world):
    differing = {
        each["addition_id"]
        for each in world.earlier_writes
        if world.connectwise.additions[each["addition_id"]]["quantity"] != each["quantity"]
    }
    assert differing == {267_0_03}


def test_the_new_invoice_comes_after_two_old_ones_and_counts_all_agents(world):
    invoice = world.new_invoice()
    agents = sum(
        usages.get("edr", {}).get("billable_agents_count", 0)
        for usages in world.huntress.actual_usages.values()
    )
    assert sorted(world.huntress.invoices) == [5001, 5002]
    assert (invoice["id"], invoice["status"], invoice["has_usage"]) == (5003, "open", True)
    assert (invoice["quantity"], invoice["created_at"]) == (agents, "2026-03-14T15:00:00Z")


def test_serving_the_world_does_not_change_it(world):
    fake = ConnectWiseFake(world.connectwise)
    with fake:
        fake.edit_addition(301_0_02, quantity=99.0)
    assert fake.quantity(301_0_02) == 99.0
    assert world == build_world(NOW)
