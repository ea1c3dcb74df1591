"""A split shares out every unit once, in one order, and is written wholly or not at all."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing_sync.domain.config.destinations import FixedUnits, Split
from billing_sync.domain.config.mappings import CompanyRules
from billing_sync.domain.plan.plan import Part, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.planning.splits import shares
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import (
    a_mapping,
    a_part,
    a_usage,
    an_addition,
    an_agreement,
    an_item,
    some_inputs,
    the_catalog,
)

FLAT, REST = 20, 21
SPLIT = Split((FixedUnits(FLAT, 30),), REST)
HALF = Split((FixedUnits(FLAT, 5),), REST)


def split_inputs(*units: int, split: Split = SPLIT, **changes: object) -> PlanInputs:
    """Organizations 101, 102, … of one company, 30 and 12 billed on its two agreements."""
    numbers = range(101, 101 + len(units))
    fields: dict[str, object] = {
        "usage": tuple(a_usage(n, {"edr": u}) for n, u in zip(numbers, units, strict=True)),
        "mappings": a_mapping(
            dict.fromkeys(numbers, 1), CompanyRules(1, splits={Product.EDR: split})
        ),
        "agreements": (an_agreement(FLAT, name="Flat"), an_agreement(REST, name="Rest")),
        "additions": (
            an_addition(701, agreement_id=FLAT, quantity=Decimal(30)),
            an_addition(711, agreement_id=REST, quantity=Decimal(12)),
        ),
    }
    return some_inputs(**(fields | changes))


def by_addition(inputs: PlanInputs) -> dict[int | None, Row]:
    return {row.addition_id: row for row in make_plan(inputs).rows}


@given(st.lists(st.integers(0, 40), max_size=5), st.lists(st.integers(1, 30), min_size=1))
def test_every_unit_is_shared_out_once_and_every_organization_keeps_its_own(units, fixed):
    sources = [a_part(n, organization=101 + i).sources[0] for i, n in enumerate(units)]
    split = Split(tuple(FixedUnits(i, n) for i, n in enumerate(fixed)), 99)

    found = shares(Part(Product.EDR, tuple(sources)), split)

    left = sum(units)
    for share, most in zip(found, [*fixed, left], strict=True):
        assert share.part.known_units == min(left, most)
        left -= share.part.known_units
    by_organization = {source.organization_id: 0 for source in sources}
    for share in found:
        for source in share.part.sources:
            by_organization[source.organization_id] += source.units
    assert list(by_organization.values()) == units
    organizations = {source.organization_id for share in found for source in share.part.sources}
    assert (left, organizations) == (0, set(by_organization))


def test_the_organizations_of_a_row_have_their_share_of_it():
    rows = by_addition(split_inputs(25, 17))

    shares = {
        key: [(s.organization_id, s.units) for part in row.parts for s in part.sources]
        for key, row in rows.items()
    }
    assert shares == {701: [(101, 25), (102, 5)], 711: [(102, 12)]}


def test_one_organizations_rise_that_anothers_fall_hides_holds_a_split_too():
    last = LastCycle({101: 1, 102: 1}, {(101, Product.EDR): 36, (102, Product.EDR): 6})

    rows = by_addition(split_inputs(13, 30, last_cycle=last))

    assert (rows[711].outcome, rows[711].reason) == (Outcome.HELD, Reason.FALL)
    assert "Organization 101 36 -> 13 falls" in rows[711].message


def test_an_ordinary_month_of_an_organization_in_a_split_holds_nothing():
    last = LastCycle({101: 1}, {(101, Product.EDR): 42})

    rows = by_addition(split_inputs(43, last_cycle=last))

    assert {key: (row.outcome, row.target) for key, row in rows.items()} == {
        701: (Outcome.UNCHANGED, 30),
        711: (Outcome.UPDATED, 13),
    }


def test_with_too_few_units_a_row_that_is_right_by_chance_waits_with_the_others():
    inputs = split_inputs(12)
    flat, rest = inputs.additions

    rows = by_addition(replace(inputs, additions=(replace(flat, quantity=Decimal(12)), rest)))

    assert {key: (row.target, row.reason) for key, row in rows.items()} == {
        701: (12, Reason.SPLIT),
        711: (0, Reason.SPLIT),
    }


def test_a_split_is_not_half_written_when_another_product_claims_one_of_its_additions():
    twin = an_item(43, "huntress-edr ")
    additions = (
        an_addition(701, agreement_id=FLAT, quantity=Decimal(4)),
        an_addition(711, agreement_id=REST, catalog_item_id=None, quantity=Decimal(12)),
    )
    usage = (a_usage(101, {"edr": 18, "sat": 3}),)
    catalog = {**the_catalog(), 43: twin}
    inputs = split_inputs(18, split=HALF, additions=additions, catalog=catalog, usage=usage)

    rows = make_plan(inputs).rows

    assert {row.outcome for row in rows} == {Outcome.BLOCKED}
    flat = next(row for row in rows if row.addition_id == 701)
    assert flat.reason is Reason.SPLIT_BLOCKED
    assert flat.message.startswith("'agreement 21' of the same split is blocked")
