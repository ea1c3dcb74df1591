"""An addition that no organization is billed through is released only while that is so."""

from dataclasses import replace

from billing_sync.domain.config.destinations import FixedUnits, Pin, Split
from billing_sync.domain.config.mappings import CompanyRules, Mappings, OrganizationMapping
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import make_plan
from billing_sync.domain.planning.still_planned import StillPlanned
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import (
    a_mapping,
    a_usage,
    a_written,
    an_addition,
    an_agreement,
    some_inputs,
    some_settings,
)

EDR, SAT = Product.EDR, Product.SAT
PINNED = OrganizationMapping(101, 1, pin=Pin(99))  # an agreement that is gone
PLANNED = Mappings({101: PINNED, 102: OrganizationMapping(102, 2)})
SPLIT = CompanyRules(1, splits={EDR: Split((FixedUnits(21, 5),), 22)})


def released(planned: Mappings, today: Mappings, *, units: int = 0) -> Row:
    """Company 1's orphaned addition, checked by the mappings of today."""
    plan = make_plan(
        some_inputs(
            usage=(a_usage(101, {"edr": units, "sat": 9}), a_usage(102, {"edr": 9})),
            mappings=planned,
            agreements=(*map(an_agreement, (20, 21, 22)), an_agreement(30, company_id=2)),
            additions=tuple(
                an_addition(700 + number, agreement_id=number) for number in (20, 21, 22, 30)
            ),
            written=(a_written(720),),
        )
    )
    (row,) = [row for row in plan.rows if row.reason is Reason.ORPHANED]
    return StillPlanned(today, some_settings()).checked(row, row, plan.rows)


def test_an_addition_of_nobody_is_released_although_its_company_uses_another_product():
    assert released(PLANNED, PLANNED).outcome is Outcome.HELD


def test_an_addition_that_a_split_left_is_released():
    split = a_mapping({101: 1, 102: 2}, SPLIT)

    assert released(split, split, units=12).outcome is Outcome.HELD


def test_an_organization_mapped_to_the_company_since_blocks_it():
    row = released(PLANNED, Mappings({101: PINNED, 102: OrganizationMapping(102, 1)}))

    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Reason.MAPPING_CHANGED)
    assert "(id 102) is mapped to this company" in row.message


def test_a_product_billed_through_its_catalog_item_since_blocks_it():
    own = CompanyRules(1, catalog_items={SAT: 41})

    row = released(PLANNED, replace(PLANNED, companies={1: own}))

    assert row.outcome is Outcome.BLOCKED
    assert "(id 101) is mapped to this company" in row.message
