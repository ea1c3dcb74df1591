"""Additions we wrote that bill no organization any more are shown, and no others."""

from decimal import Decimal

import pytest

from billing_sync.domain.config.mappings import CompanyRules, Mappings
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import make_plan
from billing_sync.domain.vendors.usage import Product, UsageSource
from tests.unit.builders import (
    INVOICED,
    a_mapping,
    a_usage,
    a_written,
    an_addition,
    an_item,
    some_inputs,
    the_catalog,
)


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": Decimal(0)},
        {"cancelled_date": INVOICED.date()},
        {"catalog_item_id": 99},
    ],
)
def test_what_bills_nothing_of_ours_any_more_is_no_orphan(changes):
    inputs = some_inputs(
        usage=(),
        mappings=Mappings({}),
        additions=(an_addition(**changes),),
        written=(a_written(),),
    )

    assert make_plan(inputs).rows == ()


def test_an_addition_we_never_wrote_is_no_orphan():
    assert make_plan(some_inputs(usage=(), mappings=Mappings({}))).rows == ()


def test_a_blocked_row_covers_the_addition_we_wrote():
    inputs = some_inputs(
        usage=(a_usage(units={"edr": "no answer"}),),
        written=(a_written(),),
    )

    assert [row.reason for row in make_plan(inputs).rows] == [Reason.UNKNOWN_USAGE]


def test_an_addition_whose_company_was_merged_into_another_is_not_also_an_orphan():
    rows = make_plan(some_inputs(written=(a_written(company_id=9),))).rows

    assert [(row.addition_id, row.outcome) for row in rows] == [(701, Outcome.UNCHANGED)]


def test_an_orphan_belongs_to_the_company_that_holds_it_now():
    inputs = some_inputs(
        usage=(), mappings=Mappings({}), written=(a_written(company_id=9, company_name="Old"),)
    )

    (row,) = make_plan(inputs).rows

    assert (row.company_id, row.company_name) == (1, "Company 1")


def test_a_product_of_an_own_catalog_item_that_an_invoice_leaves_out_is_held_as_silent():
    own = CompanyRules(1, catalog_items={Product.SIEM: 56})
    inputs = some_inputs(
        usage=(a_usage(source=UsageSource.RESELLER_INVOICE),),
        mappings=a_mapping({101: 1}, own),
        catalog={**the_catalog(), 56: an_item(56, "HUNTRESS-56")},
        additions=(an_addition(), an_addition(703, catalog_item_id=56)),
        written=(a_written(703, catalog_item_id=56),),
    )

    rows = {row.addition_id: row for row in make_plan(inputs).rows}
    assert rows[703].reason is Reason.SILENT
