"""Usage that an invoice does not show: nothing falls in silence, nobody is blocked for nothing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given

from billing_sync.domain.config.overrides import ZeroPolicy
from billing_sync.domain.config.settings import Guards
from billing_sync.domain.plan.plan import Plan, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.runs.close import counted
from billing_sync.domain.runs.run import Mode, Verdict, verdict_of
from billing_sync.domain.usage.absence import Counted
from billing_sync.domain.vendors.huntress import InvoiceSource
from billing_sync.domain.vendors.usage import Cell, Product, Reading, UsageSource
from tests.unit.builders import (
    INVOICED,
    ITEM_IDS,
    a_mapping,
    a_usage,
    a_written,
    an_addition,
    an_agreement,
    an_invoice,
    some_inputs,
    some_settings,
)
from tests.unit.chance import numbered
from tests.unit.worlds import every_world

WIDE_OPEN = Guards(
    rise_percent=Decimal(1000),
    fall_percent=Decimal(100),
    money={"USD": Decimal(10**6)},
    product_total_percent=Decimal(1000),
    run_guarded_percent=Decimal(100),
    run_zero_percent=Decimal(100),
)
SOURCES = {
    InvoiceSource.ACCOUNT: UsageSource.ORGANIZATION_DETAIL,
    InvoiceSource.RESELLER: UsageSource.RESELLER_INVOICE,
}
Counts = dict[Cell, int]


def a_month(
    billed: Counts,
    shown: Counts,
    *,
    companies: dict[int, int],
    source: InvoiceSource = InvoiceSource.RESELLER,
    before: Counts | None = None,
) -> PlanInputs:
    """Each company's additions bill the sums of `billed`; the invoice shows `shown` alone."""
    sums: dict[tuple[int, Product], int] = {}
    for (organization_id, product), units in billed.items():
        place = (companies[organization_id], product)
        sums[place] = sums.get(place, 0) + units
    return some_inputs(
        usage=tuple(
            a_usage(
                organization_id,
                {product: units for (o, product), units in shown.items() if o == organization_id},
                source=SOURCES[source],
            )
            for organization_id in sorted({cell[0] for cell in shown})
        ),
        mappings=a_mapping(companies),
        settings=some_settings(guards=WIDE_OPEN, zero_policy=ZeroPolicy.WRITE),
        agreements=tuple(
            an_agreement(20 + company, company_id=company) for company in set(companies.values())
        ),
        additions=tuple(
            an_addition(
                700 + number,
                agreement_id=20 + company,
                catalog_item_id=ITEM_IDS[product],
                quantity=Decimal(units),
            )
            for number, ((company, product), units) in enumerate(sorted(sums.items()))
        ),
        invoice=an_invoice(source=source),
        counted_before={
            cell: Counted(Reading(cell[1], units), f"Organization {cell[0]}", "reseller#5002")
            for cell, units in (before or {}).items()
        },
    )


def verdict(plan: Plan) -> Verdict:
    return verdict_of(counted(plan.rows), plan.coverage, Mode.SYNC, unbilled=False)


def a_month_with_gaps(chance: Random) -> tuple[PlanInputs, bool]:
    """A month like the last one, of which the source leaves some out; and whether it does."""
    companies = {101: 1, 102: 1, 103: 2, 104: 3}
    true = {
        (organization_id, product): chance.randint(1, 25)
        for organization_id in companies
        for product in ITEM_IDS
        if chance.random() < 0.6
    }
    gone = {organization_id for organization_id in companies if chance.random() < 0.3}
    shown = {
        cell: units for cell, units in true.items() if cell[0] not in gone and chance.random() < 0.7
    }
    before = {cell: units for cell, units in true.items() if chance.random() < 0.7}
    source = chance.choice(list(InvoiceSource))
    month = a_month(true, shown, companies=companies, source=source, before=before)
    return month, shown != true


@every_world
@given(numbered(a_month_with_gaps))
def test_whatever_a_source_leaves_out_no_quantity_falls_and_the_run_is_not_complete(
    month: tuple[PlanInputs, bool],
):
    inputs, left_out = month

    plan = make_plan(inputs)

    written = {row.addition_id for row in plan.rows if row.to_write}
    quantities = {addition.id: addition.quantity for addition in inputs.additions}
    assert all(row.target >= quantities[row.addition_id] for row in plan.rows if row.to_write)
    assert written == set()
    assert (verdict(plan) is Verdict.COMPLETE) is not left_out


@pytest.mark.parametrize("source", SOURCES)
def test_of_a_hundred_companies_with_one_product_of_five_none_is_blocked(source: InvoiceSource):
    companies = {organization: organization for organization in range(101, 201)}
    use = {(organization, Product.EDR): 12 for organization in companies}
    month = a_month(use, use, companies=companies, source=source, before=use)

    plan = make_plan(month)

    assert {row.outcome for row in plan.rows} == {Outcome.UNCHANGED} and len(plan.rows) == 100
    assert verdict(plan) is Verdict.COMPLETE


def only_row(inputs: PlanInputs) -> Row:
    (row,) = make_plan(inputs).rows
    return row


def test_a_line_whose_period_reaches_past_the_invoice_stands():
    use = {(101, Product.EDR): 12}
    month = a_month(use, {}, companies={101: 1})
    cell = (101, Product.EDR)
    annual = Reading(Product.EDR, 12, period_end=INVOICED + timedelta(days=200))
    ended = replace(annual, period_end=INVOICED - timedelta(days=1))

    def counted_as(reading: Reading) -> Row:
        counted = {cell: Counted(reading, "Acme", "reseller#4990")}
        return only_row(replace(month, counted_before=counted))

    row = counted_as(annual)
    assert (row.outcome, row.parts[0].sources[0].invoice) == (Outcome.UNCHANGED, "reseller#4990")
    assert counted_as(ended).reason is Reason.UNKNOWN_USAGE


def test_a_count_that_was_unknown_before_is_still_unknown():
    month = a_month({(101, Product.EDR): 12}, {(101, Product.SAT): 5}, companies={101: 1})
    unknown = Counted(Reading(Product.EDR, None, "no answer"), "Acme", "reseller#5002")

    rows = make_plan(replace(month, counted_before={(101, Product.EDR): unknown})).rows

    assert {row.products: row.reason for row in rows}["edr"] is Reason.UNKNOWN_USAGE


def test_a_zero_that_our_own_quantity_rests_on_holds_no_later_fall():
    companies = {101: 1, 102: 1}
    shown = {(101, Product.EDR): 10, (102, Product.SAT): 5}
    month = a_month({(101, Product.EDR): 12} | shown, shown, companies=companies)
    first = replace(
        month, additions=tuple(replace(a, quantity=Decimal(12)) for a in month.additions)
    )
    edr = first.additions[0]
    later = replace(
        first,
        written=(a_written(edr.id, 12, agreement_id=edr.agreement_id),),
        last_cycle=LastCycle(companies, {(101, Product.EDR): 12, (102, Product.EDR): 0}),
    )

    held, falls = (
        next(row for row in make_plan(m).rows if row.products == "edr") for m in (first, later)
    )

    assert (held.reason, falls.outcome) == (Reason.SILENT, Outcome.UPDATED)
