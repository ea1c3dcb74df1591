"""What is wrong in one company's data blocks that company; in too many, it is no client's data."""

from decimal import Decimal

import pytest

from billing_sync.domain.errors import Defect
from billing_sync.domain.plan.plan import Plan
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.vendors.connectwise import UnusableAddition
from tests.unit.builders import (
    a_mapping,
    a_usage,
    a_written,
    an_addition,
    an_agreement,
    some_inputs,
)

BEYOND = Decimal(10) ** 40  # more digits than any calculation here has


def companies(count: int, *, unusable: int = 0, impossible: int = 0) -> PlanInputs:
    """So many companies, 13 agents each; of the first, the additions cannot be used or computed."""
    numbers = range(1, count + 1)
    return some_inputs(
        usage=tuple(a_usage(100 + n, {"edr": 13}) for n in numbers),
        mappings=a_mapping({100 + n: n for n in numbers}),
        agreements=tuple(an_agreement(20 + n, company_id=n) for n in numbers),
        additions=tuple(
            an_addition(
                700 + n,
                agreement_id=20 + n,
                quantity=BEYOND if n <= impossible else Decimal(12),
                listed_under=20 + n,
            )
            for n in numbers
            if n > unusable
        ),
        unusable=tuple(
            UnusableAddition(700 + n, 20 + n, "quantity has no value", catalog_item_id=41)
            for n in numbers
            if n <= unusable
        ),
    )


def reasons(plan: Plan) -> dict[int, Reason]:
    return {row.company_id: row.reason for row in plan.rows if row.outcome is Outcome.BLOCKED}


def test_one_unusable_record_is_its_companys_however_few_there_are():
    plan = make_plan(companies(2, unusable=1))

    assert (reasons(plan), plan.coverage.complete) == ({1: Reason.UNUSABLE}, True)


@pytest.mark.parametrize(("count", "complete"), [(40, True), (39, False)])
def test_over_5_percent_of_unusable_records_count_as_an_unread_list(count: int, complete: bool):
    plan = make_plan(companies(count, unusable=2))

    assert plan.coverage.complete is complete
    assert (
        any("2 of 39 additions cannot be used" in t for t in plan.coverage.unread) is not complete
    )


def test_over_5_percent_of_unusable_agreements_count_as_an_unread_list():
    inputs = companies(10)
    broken = tuple(
        an_agreement(20 + n, company_id=n, problem="endDate has an invalid value") for n in (1, 2)
    )

    plan = make_plan(
        some_inputs(
            usage=inputs.usage,
            mappings=inputs.mappings,
            agreements=(*broken, *inputs.agreements[2:]),
            additions=inputs.additions,
        )
    )

    assert plan.coverage.unread[0].startswith("2 of 10 agreements cannot be used")


def test_data_that_no_rule_can_compute_blocks_its_own_company():
    plan = make_plan(companies(2, impossible=1))

    rows = {row.company_id: row for row in plan.rows}
    assert (rows[1].reason, rows[2].outcome) == (Reason.NOT_PLANNED, Outcome.UPDATED)
    assert "InvalidOperation" in rows[1].message
    assert plan.tie_out[0].ended == {"blocked": 13, "updated": 13}


def test_a_company_without_usage_that_no_rule_can_compute_is_named_too():
    """Nobody is mapped to it any more; only its written addition is left."""
    plan = make_plan(
        some_inputs(
            agreements=(an_agreement(), an_agreement(29, company_id=9)),
            additions=(an_addition(), an_addition(709, agreement_id=29, quantity=BEYOND)),
            written=(a_written(709, agreement_id=29, company_id=9),),
        )
    )

    assert reasons(plan) == {9: Reason.NOT_PLANNED}


def test_an_error_in_over_5_percent_of_the_companies_is_a_bug_and_plans_nothing():
    with pytest.raises(Defect, match="2 of 39 companies could not be planned"):
        make_plan(companies(39, impossible=2))

    assert len(reasons(make_plan(companies(40, impossible=2)))) == 2


def test_what_was_written_to_an_unusable_addition_is_named_when_its_organization_has_left():
    left = UnusableAddition(709, 29, "quantity has no value", catalog_item_id=41)
    plan = make_plan(
        some_inputs(
            agreements=(an_agreement(), an_agreement(29, company_id=9)),
            unusable=(left,),
            written=(a_written(709, agreement_id=29, company_id=9),),
        )
    )

    assert [row.company_id for row in plan.rows] == [1]
    assert plan.warnings[0].startswith("addition 709 on 'Managed Services' (id 29) of Company 9")


def test_an_organization_without_a_count_has_a_row_where_an_unusable_addition_bills_it():
    plan = make_plan(
        some_inputs(
            usage=(a_usage(units={"sat": 3}),),
            additions=(),
            unusable=(UnusableAddition(701, 20, "quantity has no value", catalog_item_id=41),),
        )
    )

    assert {row.products: row.reason for row in plan.rows} == {
        "edr": Reason.UNUSABLE,
        "sat": Reason.UNUSABLE,
    }


@pytest.mark.parametrize(("bills", "complete"), [(41, False), (999, True)])
def test_an_agreement_of_an_unknown_company_stops_the_run_only_where_it_bills_our_items(
    bills: int, complete: bool
):
    stray = an_agreement(29, company_id=0, company_name="", problem="company has no value")
    plan = make_plan(
        some_inputs(
            agreements=(an_agreement(), stray),
            additions=(
                an_addition(quantity=Decimal(11)),
                an_addition(709, agreement_id=29, catalog_item_id=bills),
            ),
        )
    )

    message = "agreement 'Managed Services' (id 29) cannot be used: company has no value"
    assert [row.company_id for row in plan.rows] == [1]
    assert plan.coverage.complete is complete
    (named,) = plan.warnings if complete else plan.coverage.unread
    assert named.startswith(message)
