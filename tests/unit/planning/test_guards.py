"""Guards at their limits: just below and exactly at a limit passes, just above it holds."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing_sync.domain.config.overrides import QuantityRules, ZeroPolicy
from billing_sync.domain.config.settings import Approval, Guards
from billing_sync.domain.plan.guards import Guarded, hold, hold_all
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.previous_cycle import Totals
from billing_sync.domain.planning.row_guards import row_guards
from billing_sync.domain.planning.run_guards import run_guards
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import a_part, a_row, an_agreement, some_settings

SETTINGS = some_settings()
BOTH_CYCLES = Guards(billing_cycles=("Monthly", "Yearly"))
WRITE_ZERO = QuantityRules(zero_policy=ZeroPolicy.WRITE)


def reasons(row: Row, **facts: object) -> list[Reason]:
    return [g.reason for g in guards_on(row, **facts)]


def guards_on(row: Row, **facts: object) -> tuple[Guarded, ...]:
    usual = {"agreement": an_agreement(), "limits": Guards(), "rules": WRITE_ZERO}
    return row_guards(row, **(usual | {"undone": "", "late": "", "moved": ""} | facts))


@pytest.mark.parametrize(
    ("before", "target", "expected"),
    [
        (10, 14, []),  # below both limits
        (10, 15, []),  # 50 % and 5 units: at both limits
        (12, 18, []),  # 6 units, yet exactly 50 %
        (9, 14, []),  # above 50 %, yet exactly 5 units
        (11, 17, [Reason.RISE]),  # 6 units and 54.5 %
        (0, 5, []),
        (0, 6, [Reason.RISE]),  # anything from nothing is above every percentage
        (20, 16, []),  # below both limits
        (20, 15, []),  # 25 % and 5 units: at both limits
        (24, 18, []),  # 6 units, yet exactly 25 %
        (5, 0, []),  # 100 %, yet exactly 5 units
        (23, 17, [Reason.FALL]),  # 6 units and 26.1 %
        (6, 0, [Reason.FALL]),
    ],
)
def test_a_row_is_held_only_above_both_the_percentage_and_the_units(before, target, expected):
    assert reasons(a_row(before, target, money=Decimal(0))) == expected


def test_a_rise_from_a_negative_quantity_is_held_like_any_other():
    assert reasons(a_row(-10, 90, money=Decimal(0))) == [Reason.RISE]


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        ("499.99", []),
        ("500", []),
        ("500.01", [Reason.MONEY]),
        ("-499.99", []),
        ("-500", []),
        ("-500.01", [Reason.MONEY]),
    ],
)
def test_a_row_is_held_above_the_money_limit_in_either_direction(money, expected):
    assert reasons(a_row(12, 13, money=Decimal(money))) == expected


def test_a_row_without_a_price_is_not_held_for_money():
    assert reasons(a_row(12, 13, money=None)) == []


@pytest.mark.parametrize(("target", "expected"), [(49, []), (50, []), (51, [Reason.MAXIMUM])])
def test_a_quantity_is_held_above_the_maximum_even_when_it_falls(target, expected):
    rules = QuantityRules(maximum=50)

    assert reasons(a_row(48, target, money=Decimal(0)), rules=rules) == expected
    assert reasons(a_row(52, target, money=Decimal(0)), rules=rules) == expected


@pytest.mark.parametrize(("units", "expected"), [(0, [Reason.ZERO]), (1, [])])
def test_only_where_nothing_at_all_was_used_the_zero_policy_holds(units, expected):
    row = a_row(3, 2, parts=(a_part(units),))

    assert reasons(row, rules=QuantityRules(zero_policy=ZeroPolicy.HOLD)) == expected
    assert reasons(row, rules=QuantityRules(zero_policy=ZeroPolicy.WRITE)) == []


@pytest.mark.parametrize(("cycle", "expected"), [("monthly", []), ("Yearly", ["billing_cycle"])])
def test_an_agreement_billed_in_another_cycle_than_those_allowed_is_held(cycle, expected):
    agreement = an_agreement(billing_cycle=cycle)

    assert reasons(a_row(12, 13), agreement=agreement) == expected
    assert reasons(a_row(12, 13), agreement=agreement, limits=BOTH_CYCLES) == []


@pytest.mark.parametrize(("last_written", "expected"), [("12.0", []), ("11", [Reason.EDITED])])
def test_a_quantity_other_than_our_last_write_is_held_as_edited(last_written, expected):
    assert reasons(a_row(12, 13, last_written=Decimal(last_written))) == expected


def test_the_first_write_to_an_addition_is_not_an_edit():
    assert reasons(a_row(12, 13, last_written=None)) == []


def test_every_guard_is_in_the_message_and_the_most_important_one_is_the_reason():
    row = a_row(10, 121, money=Decimal(555), last_written=Decimal(9))
    yearly = an_agreement(billing_cycle="Yearly")

    found = guards_on(row, agreement=yearly, late="counts of later")
    held = hold(row, found)

    order = [Reason.EDITED, Reason.LATE, Reason.RISE, Reason.MONEY, Reason.BILLING_CYCLE]
    assert [g.reason for g in found] == order
    assert (held.outcome, held.reason) == (Outcome.HELD, Reason.EDITED)
    assert all(g.message in held.message for g in found)


def run_reasons(rows: list[Row], **changes: object) -> list[str]:
    found = run_guards(rows, some_settings(**changes), totals=Totals())
    assert all(g.reason is Reason.RUN_GUARD for g in found)
    return [g.message for g in found]


def quiet(count: int) -> list[Row]:
    return [a_row(12, 12, outcome=Outcome.UNCHANGED) for _ in range(count)]


def guarded(count: int, reason: Reason = Reason.RISE) -> list[Row]:
    return [a_row(12, 40, outcome=Outcome.HELD, reason=reason) for _ in range(count)]


@pytest.mark.parametrize(
    ("quiet_rows", "guarded_rows", "fires"),
    [
        (19, 1, False),  # 5 % of 20
        (18, 2, False),  # exactly 10 %
        (17, 3, True),  # 15 %
        (16, 3, False),  # 19 rows are too few to judge
        (27, 3, False),  # exactly 10 % of 30
        (26, 3, True),  # 10.3 %
    ],
)
def test_a_run_is_held_above_ten_percent_guarded_rows_of_at_least_twenty(
    quiet_rows, guarded_rows, fires
):
    assert bool(run_reasons(quiet(quiet_rows) + guarded(guarded_rows))) is fires


@pytest.mark.parametrize(
    "reason",
    ["zero_usage", "edited", "maximum", "rise", "fall", "money", "billing_cycle"],
)
def test_every_guard_that_doubts_a_quantity_counts_towards_the_run_guard(reason):
    assert run_reasons(quiet(17) + guarded(3, Reason(reason))) != []


@pytest.mark.parametrize("reason", [Reason.LATE, Reason.ORPHANED])
def test_reasons_that_say_nothing_of_the_counts_do_not_hold_the_run(reason):
    assert run_reasons(quiet(10) + guarded(10, reason)) == []


def test_blocked_and_excluded_rows_are_not_counted_among_the_rows_of_the_run_guard():
    blocked = [replace(row, outcome=Outcome.BLOCKED, reason=Reason.NONE) for row in quiet(5)]

    assert run_reasons(quiet(16) + guarded(3) + blocked) == []


@pytest.mark.parametrize(("zeros", "fires"), [(2, False), (3, False), (4, True)])
def test_a_run_is_held_when_more_than_three_additions_fall_to_zero(zeros, fires):
    rows = [a_row(2, 0) for _ in range(zeros)] + [a_row(0, 0, outcome=Outcome.UNCHANGED)]

    assert bool(run_reasons(rows)) is fires


@pytest.mark.parametrize(("rows", "fires"), [(199, True), (200, False), (201, False)])
def test_in_a_large_run_more_than_three_percent_must_fall_to_zero(rows, fires):
    zeros = [a_row(2, 0) for _ in range(6)]

    assert bool(run_reasons(zeros + quiet(rows - 6))) is fires


def test_additions_without_an_organization_do_not_hold_the_run_month_after_month():
    rows = [a_row(2, 0, outcome=Outcome.HELD, reason=Reason.ORPHANED) for _ in range(4)]

    assert run_reasons(rows) == []


@pytest.mark.parametrize(
    ("now", "fires"),
    [(119, False), (120, False), (121, True), (81, False), (80, False), (79, True), (0, True)],
)
def test_a_run_is_held_when_a_products_total_moves_by_more_than_twenty_percent(now, fires):
    found = run_guards(
        [],
        SETTINGS,
        totals=Totals({Product.EDR: now}, {Product.EDR: 100}),
    )

    assert bool(found) is fires


def test_a_product_without_units_last_cycle_has_nothing_to_be_compared_with():
    totals = Totals({Product.EDR: 90}, {Product.EDR: 0})

    found = run_guards([], SETTINGS, totals=totals)

    assert found == ()


def test_approval_holds_every_run():
    found = run_guards(quiet(1), some_settings(approval=Approval.REQUIRED), totals=Totals())

    assert [g.reason for g in found] == [Reason.APPROVAL]


def test_a_held_run_holds_what_would_be_written_and_leaves_the_rest_as_it_is():
    rows = (a_row(), *quiet(1), *guarded(1), a_row(outcome=Outcome.BLOCKED))

    held = hold_all(rows, (Guarded(Reason.RUN_GUARD, "too many"),))

    assert (held[0].outcome, held[0].reason) == (Outcome.HELD, Reason.RUN_GUARD)
    assert (held[1], held[3]) == (rows[1], rows[3])
    assert (held[2].reason, held[2].message) == (rows[2].reason, rows[2].message)
    assert held[2].reasons == (*rows[2].reasons, Reason.RUN_GUARD)
    assert hold_all(rows, ()) == rows


def test_the_operators_limits_are_the_ones_that_count():
    strict = Guards(rise_percent=Decimal(0), rise_units=0)

    assert reasons(a_row(12, 13), limits=strict) == [Reason.RISE]
