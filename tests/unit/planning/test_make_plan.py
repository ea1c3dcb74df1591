"""Rules of the plan that a golden pair cannot show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billing_sync.domain.config.mappings import CompanyRules, Mappings, OrganizationMapping
from billing_sync.domain.errors import Fatal
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.plan.tie_out import tie_out
from billing_sync.domain.planning.make_plan import make_plan
from billing_sync.domain.vendors.usage import Product, UsageSource
from tests.unit.builders import (
    INVOICED,
    ITEM_IDS,
    READ,
    a_mapping,
    a_usage,
    a_written,
    an_addition,
    an_agreement,
    an_invoice,
    an_item,
    some_inputs,
    some_settings,
)

DAY = timedelta(hours=24)


def test_an_addition_listed_under_parent_and_child_is_one_place():
    addition = an_addition(quantity=Decimal(10))
    inputs = some_inputs(
        agreements=(an_agreement(19), an_agreement(20, parent_id=19)),
        additions=(addition, addition),
    )

    (row,) = make_plan(inputs).rows

    assert (row.outcome, row.addition_id, row.target) == (Outcome.UPDATED, 701, 12)


@pytest.mark.parametrize(
    ("read_after", "outcome"),
    [(DAY, Outcome.UPDATED), (DAY + timedelta(seconds=1), Outcome.HELD)],
)
def test_usage_is_late_when_read_more_than_a_day_after_the_invoice(read_after, outcome):
    usage = a_usage(units={"edr": 13}, read_at=INVOICED + read_after)

    (row,) = make_plan(some_inputs(usage=(usage,))).rows

    assert row.outcome is outcome


@pytest.mark.parametrize("source", [UsageSource.RESELLER_INVOICE, UsageSource.IMPORTED])
def test_exact_usage_is_never_late(source):
    usage = a_usage(units={"edr": 13}, source=source, read_at=INVOICED + 9 * DAY)

    (row,) = make_plan(some_inputs(usage=(usage,))).rows

    assert row.outcome is Outcome.UPDATED


def test_a_preview_as_of_now_has_no_invoice_to_be_late_for():
    usage = a_usage(units={"edr": 13}, read_at=datetime(2030, 1, 1, tzinfo=UTC))

    (row,) = make_plan(some_inputs(usage=(usage,), invoice=None)).rows

    assert row.outcome is Outcome.UPDATED


def test_one_late_organization_makes_the_companys_row_late():
    usage = (
        a_usage(101, {"edr": 5}),
        a_usage(102, {"edr": 8}, read_at=INVOICED + 3 * DAY),
    )

    (row,) = make_plan(some_inputs(usage=usage, mappings=a_mapping({101: 1, 102: 1}))).rows

    assert (row.reason, row.target) == (Reason.LATE, 13)
    assert "2026-07-04" in row.message
    assert f"invoice {an_invoice().created_at:%Y-%m-%d}" in row.message


def test_every_part_shows_who_mapped_it_and_where_its_count_is_from():
    mapping = OrganizationMapping(101, 1, updated_by="anna", updated_at="2026-05-02")

    (row,) = make_plan(some_inputs(mappings=Mappings({101: mapping}))).rows

    (source,) = row.parts[0].sources
    assert (source.mapped_by, source.mapped_at) == ("anna", "2026-05-02")
    assert (source.source, source.read_at) == (UsageSource.ORGANIZATION_DETAIL, READ)


def test_one_addition_that_two_items_claim_by_identifier_is_blocked_for_both():
    twin = an_item(43, "huntress-edr ")
    inputs = some_inputs(
        usage=(a_usage(units={"edr": 13, "sat": 30}),),
        settings=some_settings(products={Product.EDR: 41, Product.SAT: 43}),
        catalog={41: an_item(), 43: twin},
        additions=(an_addition(catalog_item_id=None),),
    )

    rows = make_plan(inputs).rows

    assert [(r.products, r.outcome, r.reason) for r in rows] == [
        ("edr", Outcome.BLOCKED, Reason.AMBIGUOUS),
        ("sat", Outcome.BLOCKED, Reason.AMBIGUOUS),
    ]
    assert all("701" in r.message and r.addition_id is None for r in rows)


def test_an_unread_agreement_of_a_company_that_left_is_in_the_coverage():
    left = an_agreement(29, company_id=9)
    inputs = some_inputs(
        agreements=(an_agreement(), left),
        unread={29: "no answer"},
        written=(a_written(709, agreement_id=29, company_id=9),),
    )

    coverage = make_plan(inputs).coverage

    assert not coverage.complete
    assert "Company 9" in coverage.unread[0]
    assert "no answer" in coverage.unread[0]


def test_an_organization_shown_without_a_product_leaves_its_company_as_it_is():
    usage = (a_usage(101, {"edr": 12}), a_usage(102, {"sat": 0}))

    (row,) = make_plan(some_inputs(usage=usage, mappings=a_mapping({101: 1, 102: 1}))).rows

    assert row.outcome is Outcome.UNCHANGED


def test_a_product_without_a_count_is_unknown_for_each_organization_of_the_company():
    usage = (a_usage(101, {}), a_usage(102, {}))

    (row,) = make_plan(some_inputs(usage=usage, mappings=a_mapping({101: 1, 102: 1}))).rows

    assert (row.reason, row.parts[0].unknown_count) == (Reason.UNKNOWN_USAGE, 2)


def test_a_company_without_a_name_in_connectwise_has_the_one_last_seen_or_its_id():
    seen = OrganizationMapping(102, 2, company_name="Bolt as last seen")
    inputs = some_inputs(
        usage=(a_usage(101), a_usage(102)),
        mappings=Mappings({101: OrganizationMapping(101, 1), 102: seen}),
        agreements=(),
        additions=(),
    )

    names = {row.company_id: row.company_name for row in make_plan(inputs).rows}

    assert names == {1: "company 1", 2: "Bolt as last seen"}


def test_not_billing_one_of_two_products_on_one_item_leaves_the_other_its_addition():
    rules = CompanyRules(1, not_billed={Product.SIEM: "in the flat fee"})
    inputs = some_inputs(
        usage=(a_usage(units={"edr": 12, "siem": 3}),),
        mappings=a_mapping({101: 1}, rules),
        settings=some_settings(products=ITEM_IDS | {Product.SIEM: 41}),
    )

    rows = {row.products: row for row in make_plan(inputs).rows}

    assert (rows["edr"].outcome, rows["edr"].target) == (Outcome.UNCHANGED, 12)
    assert (rows["siem"].outcome, rows["siem"].target) == (Outcome.EXCLUDED, None)


@pytest.mark.parametrize("numbers", [(20, 21), (21, 20)])
def test_agreements_are_named_in_the_same_order_however_they_were_read(numbers):
    agreements = tuple(an_agreement(number) for number in numbers)
    without = some_inputs(agreements=agreements, additions=())
    unread = replace(without, unread={20: "no answer", 21: "no answer"})

    (row,), plan = make_plan(without).rows, make_plan(unread)

    assert row.message.index("(id 20)") < row.message.index("(id 21)")
    assert plan.rows[0].message.index("(id 20)") < plan.rows[0].message.index("(id 21)")
    assert "(id 20)" in plan.coverage.unread[0]


def test_a_plan_that_loses_a_unit_is_refused():
    plan = make_plan(some_inputs())
    (row,) = plan.rows

    with pytest.raises(Fatal, match="does not add up for edr"):
        tie_out((a_usage(units={"edr": 13}),), plan.rows, plan.remainders)
    with pytest.raises(Fatal, match="does not add up for edr"):
        tie_out((a_usage(),), (row, replace(row, addition_id=702)), plan.remainders)


def test_two_products_on_one_item_without_use_or_addition_make_no_row():
    inputs = some_inputs(
        usage=(a_usage(units={"edr": 0, "sat": 0}),),
        settings=some_settings(
            products={Product.EDR: ITEM_IDS[Product.EDR], Product.SAT: ITEM_IDS[Product.EDR]}
        ),
        additions=(),
    )

    assert make_plan(inputs).rows == ()


def test_a_product_without_a_count_is_unknown_in_the_tie_out_too():
    inputs = some_inputs(usage=(a_usage(units={}),))

    (edr,) = make_plan(inputs).tie_out

    assert (edr.product, edr.usage, edr.unknown) == (Product.EDR, 0, 1)


def test_a_product_this_version_does_not_know_is_reported_with_its_organizations():
    usage = replace(a_usage(), unrecognized=("xdr",))

    (warning,) = make_plan(some_inputs(usage=(usage,))).warnings

    assert warning.startswith("Huntress counts 'xdr' for Organization 101")
