"""Every unit of usage gets one billing status, and together they are what Huntress counted."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing_sync.domain.apply.drift import Drift, DriftKind
from billing_sync.domain.apply.row_state import planned_rows
from billing_sync.domain.config.mappings import Mappings, OrganizationMapping
from billing_sync.domain.errors import Fatal
from billing_sync.domain.plan.plan import (
    Coverage,
    NotCharged,
    ProductTieOut,
    Remainder,
    RemainderKind,
)
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import make_plan
from billing_sync.domain.runs.close import closed
from billing_sync.domain.runs.run import Mode, Request, Run, Status
from billing_sync.domain.statement.billing_status import (
    BillingStatus,
    Finding,
    findings,
    status_sums,
)
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import (
    INVOICED,
    a_mapping,
    a_part,
    a_row,
    a_usage,
    an_item,
    some_inputs,
    some_settings,
    the_catalog,
)

UNBILLED, CHANGED = BillingStatus.UNBILLED, BillingStatus.CHANGED
REVIEW, CORRECT = BillingStatus.REVIEW, BillingStatus.CORRECT
NOBODY_BILLS = [
    Reason.NO_ADDITION,
    Reason.NO_AGREEMENT,
    Reason.ADDITION_FUTURE,
    Reason.ADDITION_ENDED,
    Reason.AGREEMENT_FUTURE,
    Reason.AGREEMENT_EXPIRED,
    Reason.AGREEMENT_CANCELLED,
    Reason.GONE,
]
OTHERS = [r for r in Reason if r not in (*NOBODY_BILLS, Reason.EDITED, Reason.ZERO_KEPT)]
EDR = (ProductTieOut(Product.EDR, 14, 0, {}),)


def only(**changes: object) -> Finding:
    (finding,) = findings([a_row(12, 14, **changes)], ())
    return finding


def of_rest(kind: RemainderKind, units: int | None = 14) -> Finding:
    (finding,) = findings(
        (), [Remainder(kind, 101, "Acme", Product.EDR, units, "map or exclude it")]
    )
    return finding


@pytest.mark.parametrize("reason", OTHERS)
@pytest.mark.parametrize("outcome", [Outcome.HELD, Outcome.BLOCKED, Outcome.FAILED])
def test_what_may_or_may_not_be_billed_already_needs_a_decision(outcome, reason):
    assert only(outcome=outcome, reason=reason).status is REVIEW


@pytest.mark.parametrize("reason", NOBODY_BILLS)
def test_what_nothing_bills_today_is_paid_but_not_billed(reason):
    found = only(outcome=Outcome.BLOCKED, reason=reason, addition_id=None, money=Decimal(70))

    assert (found.status, found.money, found.all_units) == (UNBILLED, Decimal(70), 14)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(Outcome.HELD, Reason.EDITED), (Outcome.CONFLICT, Reason.CHANGED_SINCE_PLAN)],
)
def test_what_somebody_set_is_changed_by_a_person(outcome, reason):
    assert only(outcome=outcome, reason=reason).status is CHANGED


@pytest.mark.parametrize("outcome", [Outcome.UPDATED, Outcome.UNCHANGED])
def test_what_holds_the_count_is_billed_right_and_by_nobodys_choice(outcome):
    found = only(outcome=outcome)

    assert (found.status, found.decided) == (CORRECT, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": Outcome.EXCLUDED, "reason": Reason.NOT_BILLED},
        {"outcome": Outcome.UNCHANGED, "reason": Reason.ZERO_KEPT},
    ],
)
def test_what_a_person_chose_not_to_bill_is_no_money_lost(changes):
    found = only(**changes, money=None)
    right = status_sums([found], EDR)[-1]

    assert (found.status, found.decided) == (CORRECT, True)
    assert (right.decided, right.unpriced) == (14, 0)


def test_units_that_are_written_and_not_charged_are_not_billed_correctly():
    free = NotCharged("addition 701 is marked Do Not Bill", worth=Decimal(70))
    found = only(outcome=Outcome.UNCHANGED, money=Decimal(0), not_charged=free)

    assert (found.status, found.money) == (BillingStatus.NOT_CHARGED, Decimal(70))
    assert found.message == "addition 701 is marked Do Not Bill" and not found.settled


def test_what_a_person_accepted_as_not_charged_is_settled():
    free = NotCharged("addition 701 is marked Do Not Bill", accepted="charity")
    found = only(outcome=Outcome.UPDATED, not_charged=free)

    assert found.status is BillingStatus.ACCEPTED and found.settled


def test_a_held_row_of_an_addition_that_charges_nothing_still_needs_review():
    free = NotCharged("addition 701 is marked Do Not Bill")

    assert only(outcome=Outcome.HELD, reason=Reason.RISE, not_charged=free).status is REVIEW


def test_usage_in_no_row_is_paid_but_not_billed_unless_it_was_excluded():
    kinds = {kind: of_rest(kind) for kind in RemainderKind}

    assert {kind: one.status for kind, one in kinds.items()} == {
        RemainderKind.UNMAPPED: UNBILLED,
        RemainderKind.NOT_CONFIGURED: UNBILLED,
        RemainderKind.EXCLUDED: CORRECT,
    }
    assert kinds[RemainderKind.EXCLUDED].decided
    assert kinds[RemainderKind.UNMAPPED].message == "map or exclude it"


def test_unknown_usage_counts_no_unit():
    found = of_rest(RemainderKind.UNMAPPED, None)

    assert (found.all_units, found.unknown) == (0, 1)


def test_an_addition_that_went_since_the_plan_is_worth_more_than_its_planned_change():
    found = only(outcome=Outcome.BLOCKED, reason=Reason.GONE)

    assert (found.status, found.money) == (UNBILLED, None)
    assert status_sums([found], EDR)[0].unpriced == 14


def a_drift(kind: DriftKind) -> Drift:
    quantity = Decimal(14)
    return Drift(
        kind,
        1,
        "Company 1",
        "edr",
        701,
        quantity,
        Decimal(3),
        "kim",
        "",
        "kim changed it",
        seen_at=INVOICED,
    )


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (DriftKind.CHANGED, CHANGED),
        (DriftKind.OVERWRITTEN, CHANGED),
        (DriftKind.LANDED, CORRECT),
    ],
)
def test_what_a_person_changed_afterwards_is_no_longer_billed_right(kind, status):
    (found,) = findings([a_row(12, 14)], (), [a_drift(kind)])

    assert found.status is status
    assert (found.message == "kim changed it") is (status is CHANGED)


def test_the_largest_money_comes_first_whichever_way_it_goes_then_the_most_units():
    rows = [
        a_row(company_name="small", money=Decimal(10)),
        a_row(company_name="many", money=None, parts=(a_part(90),)),
        a_row(company_name="fall", money=Decimal(-500)),
        a_row(company_name="few", money=None, parts=(a_part(1),)),
    ]

    assert [finding.name for finding in findings(rows, ())] == ["fall", "small", "many", "few"]


def test_the_sums_have_units_by_product_and_money_where_a_price_is_known():
    rows = [
        a_row(outcome=Outcome.BLOCKED, reason=Reason.NO_ADDITION, money=Decimal("70.00")),
        a_row(outcome=Outcome.BLOCKED, reason=Reason.NO_AGREEMENT, money=None),
    ]
    rows = [replace(row, addition_id=None) for row in rows]
    remainders = [
        Remainder(RemainderKind.UNMAPPED, 9, "Bakery", Product.SAT, 3, "map it", Decimal(6), "USD")
    ]
    usage = (*EDR, ProductTieOut(Product.SAT, 3, 0, {}))
    usage = (replace(usage[0], usage=28), usage[1])

    unbilled, *others = status_sums(findings(rows, remainders), usage)

    assert (unbilled.units, unbilled.findings) == ({Product.EDR: 28, Product.SAT: 3}, 3)
    assert (unbilled.money, unbilled.unpriced) == ({"USD": Decimal(76)}, 14)
    assert [(one.findings, one.all_units) for one in others] == [(0, 0)] * 5


@pytest.mark.parametrize("usage", [13, 15])
def test_statuses_that_lose_or_double_a_unit_stop_the_run(usage):
    found = findings([a_row(12, 14)], ())

    with pytest.raises(Fatal, match=f"do not add up for edr: Huntress counted {usage}"):
        status_sums(found, [replace(EDR[0], usage=usage)])


def test_statuses_on_a_product_without_a_count_stop_the_run():
    with pytest.raises(Fatal, match="do not add up for edr: Huntress counted 0"):
        status_sums(findings([a_row(12, 14)], ()), ())


def test_a_closed_run_has_its_statuses_as_it_ended():
    (state,) = planned_rows([a_row(12, 14)], apply=True)
    conflict = replace(state, row=replace(state.row, outcome=Outcome.CONFLICT), done=True)
    run = Run("000001-sync", 1, Status.APPLYING, Request(Mode.SYNC, "schedule"), INVOICED)
    run = replace(run, coverage=Coverage(1, 1), tie_out=EDR)

    ended = closed(run, [conflict], (), at=INVOICED)

    units = {total.status: total.all_units for total in ended.statuses}
    assert units == {status: 14 if status is CHANGED else 0 for status in BillingStatus}


@pytest.mark.parametrize(("price", "money"), [(Decimal("5.00"), Decimal(60)), (None, None)])
def test_an_unmapped_organization_is_worth_the_catalogs_price(price, money):
    catalog = the_catalog() | {41: an_item(price=price)}
    inputs = some_inputs(mappings=a_mapping({}), catalog=catalog)

    (remainder,) = make_plan(inputs).remainders

    assert (remainder.kind, remainder.money) == (RemainderKind.UNMAPPED, money)


def test_usage_that_is_excluded_or_not_configured_has_no_price():
    mappings = Mappings(
        {101: OrganizationMapping(101, 1), 102: OrganizationMapping(102, None, excluded="ours")}
    )
    inputs = some_inputs(
        usage=(a_usage(101, {"siem": 4}), a_usage(102)),
        mappings=mappings,
        settings=some_settings(products={Product.EDR: 41}),
        additions=(),
    )

    remainders = make_plan(inputs).remainders

    assert [(remainder.kind, remainder.money) for remainder in remainders] == [
        (RemainderKind.NOT_CONFIGURED, None),
        (RemainderKind.EXCLUDED, None),
    ]
