"""Usage as of now against the last invoice, per client: every unit once, unknown never zero."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from billing_sync.domain.config.mappings import (
    Absent,
    CompanyRules,
    Mappings,
    OrganizationMapping,
)
from billing_sync.domain.config.overrides import QuantityChoice
from billing_sync.domain.forecast.compare import compare
from billing_sync.domain.forecast.forecast import Forecast, ForecastBasis, Line
from billing_sync.domain.invoices.expected_next import NextInvoice
from billing_sync.domain.plan.plan import Remainder, RemainderKind
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.report.forecast import forecast_document, forecast_steps
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import OrganizationUsage, Product, Reading, UsageSource
from tests.unit.builders import (
    INVOICED,
    TODAY,
    a_mapping,
    a_part,
    a_row,
    a_usage,
    an_addition,
    an_agreement,
    an_invoice,
    some_inputs,
)
from tests.unit.chance import numbered, some
from tests.unit.worlds import ORGANIZATIONS, every_world, worlds

NOT_KNOWN = NextInvoice(None, "not known")
UNTIL = NextInvoice(TODAY + timedelta(days=31), "about then")


def since(last: Invoice | None = None, *, frozen: bool = True) -> ForecastBasis:
    return ForecastBasis(UNTIL, last or an_invoice(), frozen)


def forecast(
    then: tuple[OrganizationUsage, ...],
    now: tuple[OrganizationUsage, ...],
    basis: ForecastBasis | None = None,
    **world: object,
) -> Forecast:
    plan = make_plan(some_inputs(usage=now, invoice=None, **world))
    return compare(basis or since(), plan.rows, plan.remainders, then=then, now=now)


def only_line(found: Forecast) -> Line:
    (line,) = found.lines
    return line


def test_a_client_is_shown_with_both_counts_and_the_change_in_money():
    line = only_line(forecast((a_usage(units={"edr": 12}),), (a_usage(units={"edr": 15}),)))

    assert (line.client, line.company_id, line.products) == ("Company 1", 1, "edr")
    assert (line.then, line.now, line.change) == (12, 15, 3)
    assert line.money == {"USD": Decimal("15.00")}
    assert not line.is_new and not line.is_gone and not line.why_unknown


def test_money_is_against_what_the_addition_holds_and_not_against_the_last_invoice():
    held = an_addition(quantity=Decimal(10))

    line = only_line(forecast((a_usage(),), (a_usage(),), additions=(held,)))

    assert (line.change, line.money) == (0, {"USD": Decimal("10.00")})


def test_two_organizations_of_one_company_are_one_line():
    then = (a_usage(101, {"edr": 5}), a_usage(102, {"edr": 7}))
    now = (a_usage(101, {"edr": 6}), a_usage(102, {"edr": 4}))

    line = only_line(forecast(then, now, mappings=a_mapping({101: 1, 102: 1})))

    assert (line.then, line.now, line.change) == (12, 10, -2)


def test_a_count_that_is_unknown_on_either_side_is_unknown_in_the_line_and_in_no_sum():
    known, unknown = a_usage(units={"edr": 12}), a_usage(units={"edr": "no answer"})

    later, earlier = forecast((known,), (unknown,)), forecast((unknown,), (known,))

    assert (only_line(later).then, only_line(later).now, only_line(later).change) == (
        12,
        None,
        None,
    )
    assert only_line(later).why_unknown == "no answer"
    assert (only_line(earlier).then, only_line(earlier).now) == (None, 12)
    assert only_line(earlier).why_unknown == "at the last invoice: no answer"
    for found in (later, earlier):
        (total,) = found.totals
        assert (total.then, total.now, total.not_comparable) == (0, 0, 1)


def test_one_unknown_organization_makes_its_company_unknown():
    now = (a_usage(101, {"edr": 6}), a_usage(102, {"edr": "no answer"}))

    found = forecast((a_usage(101), a_usage(102)), now, mappings=a_mapping({101: 1, 102: 1}))

    assert (only_line(found).then, only_line(found).now) == (24, None)


def test_a_client_that_was_not_there_at_the_last_invoice_is_new_and_had_nothing():
    line = only_line(forecast((), (a_usage(),)))

    assert (line.is_new, line.then, line.change) == (True, 0, 12)


def test_where_the_last_invoice_was_not_read_in_full_no_client_is_new_and_no_count_is_zero():
    line = only_line(forecast((), (a_usage(),), since(frozen=False)))

    assert (line.is_new, line.then, line.change) == (False, None, None)
    assert line.why_unknown == "not counted for the last invoice"


def test_what_an_invoice_with_lines_of_its_own_leaves_out_is_unknown_and_not_new():
    then = (a_usage(102, {"edr": 3}, source=UsageSource.RESELLER_INVOICE),)

    line = only_line(forecast(then, (a_usage(),)))

    assert (line.is_new, line.then) == (False, None)


def test_without_any_invoice_only_todays_counts_are_shown():
    found = forecast((), (a_usage(),), ForecastBasis(NOT_KNOWN))

    assert (only_line(found).then, only_line(found).now) == (None, 12)
    assert forecast_document(found)["compared_with"] == (
        "nothing: there is no last invoice that bills usage"
    )


def test_a_client_that_huntress_no_longer_lists_is_gone_and_its_use_unknown():
    before = a_usage()

    line = only_line(forecast((before,), ()))

    assert (line.is_gone, line.then, line.now, line.change) == (True, 12, None, None)


def test_a_mapped_client_that_huntress_lists_on_neither_side_is_gone_and_not_new():
    lines = forecast((), ()).lines

    assert {(line.is_new, line.is_gone) for line in lines} == {(False, True)}


def test_a_client_whose_only_organization_is_gone_is_listed_whatever_its_products_were():
    """23 agents and no learner at the last invoice, one product settled, and one never counted."""
    mapping = OrganizationMapping(101, 1, absent={Product.SIEM: Absent.NOT_USED})
    then = (a_usage(101, {"edr": 23, "sat": 0}), a_usage(102, {"edr": 5}))
    items = {Product.EDR: 41, Product.SAT: 43, Product.SIEM: 44}
    additions = [
        an_addition(700 + item, catalog_item_id=item, quantity=Decimal(23))
        for item in items.values()
    ]

    found = forecast(
        then,
        (a_usage(102, {"edr": 5}),),
        mappings=Mappings({101: mapping, 102: OrganizationMapping(102, 2)}),
        agreements=(an_agreement(), an_agreement(21, company_id=2)),
        additions=(*additions, an_addition(711, agreement_id=21, quantity=Decimal(5))),
    )

    own = [line for line in found.lines if line.company_id == 1]
    assert {line.products: line.is_gone for line in own} == dict.fromkeys(items, True)
    assert forecast_document(found)["gone"] == ["Company 1"]


def test_a_client_that_gets_a_second_organization_is_not_new():
    stays, grown = a_usage(101), a_usage(101, {"edr": 90})
    other = a_usage(102, {"sat": 5})

    found = forecast((stays,), (grown, other), mappings=a_mapping({101: 1, 102: 1}))

    assert [line.is_new for line in found.lines] == [False, True]
    assert forecast_document(found)["new"] == []


def test_usage_not_billed_to_any_client_has_a_line_with_the_reason():
    now = (a_usage(), a_usage(102, {"edr": 4}, name="Bakery"))

    found = forecast((a_usage(),), now)

    bakery = next(line for line in found.lines if line.client == "Bakery")
    assert (bakery.company_id, bakery.now, bakery.is_new) == (None, 4, True)
    (line,) = (line for line in forecast_document(found)["lines"] if line["client"] == "Bakery")
    assert line["attention"] == "new, unmapped"
    assert "unmapped: map or exclude it" in line["note"]


def test_what_ended_and_is_billed_nowhere_still_has_a_line():
    then, now = a_usage(units={"edr": 12, "sat": 9}), a_usage(units={"edr": 12, "sat": 0})

    found = forecast((then,), (now,))

    sat = next(line for line in found.lines if line.products == "sat")
    assert (sat.client, sat.then, sat.now, sat.rows) == ("Company 1", 9, 0, ())


def test_usage_that_ended_has_a_line_beside_an_organization_without_an_earlier_count():
    then = (a_usage(101, {"edr": 12, "sat": 23}),)
    now = (a_usage(101, {"edr": 12, "sat": 0}), a_usage(102, {"edr": 1, "sat": 0}))

    found = forecast(then, now, since(frozen=False), mappings=a_mapping({101: 1, 102: 1}))

    sat = next(line for line in found.lines if line.products == "sat")
    assert (sat.then, sat.now, sat.why_unknown) == (None, 0, "not counted for the last invoice")


def test_what_was_and_is_not_used_and_not_billed_is_left_out():
    usage = a_usage(units={"edr": 12, "sat": 0})

    assert only_line(forecast((usage,), (usage,))).products == "edr"


def test_a_product_that_was_not_used_and_is_silent_now_makes_no_line_and_no_unknown():
    then, now = a_usage(units={"edr": 12, "ispm": 0}), a_usage(units={"edr": 12})

    assert only_line(forecast((then,), (now,))).products == "edr"


def test_a_product_that_was_used_and_is_silent_now_is_unknown():
    then, now = a_usage(units={"edr": 12, "ispm": 7}), a_usage(units={"edr": 12})

    found = forecast((then,), (now,))

    ispm = next(line for line in found.lines if line.products == "ispm")
    assert (ispm.then, ispm.now) == (7, None)
    assert ispm.why_unknown == "Huntress gives no count for ispm now"


def test_usage_without_an_addition_is_not_a_change_but_not_billed():
    found = forecast((a_usage(),), (a_usage(),), additions=())

    assert (only_line(found).money, only_line(found).not_billed) == ({}, {"USD": Decimal("60.00")})
    assert (found.money, found.not_billed) == ({}, {"USD": Decimal("60.00")})


def test_a_change_without_a_price_is_counted_and_not_treated_as_zero():
    found = forecast((a_usage(),), (a_usage(units={"edr": 15}),), additions=(free(None),))

    assert (only_line(found).money, found.money, found.without_price) == ({}, {}, 1)


def free(price: Decimal | None) -> object:
    return an_addition(unit_price=price)


def test_money_of_cycles_of_different_length_is_not_added_up():
    now = (a_usage(101, {"edr": 13}), a_usage(102, {"edr": 14}))
    found = forecast(
        now,
        now,
        mappings=a_mapping({101: 1, 102: 2}),
        agreements=(
            an_agreement(20, company_id=1),
            an_agreement(30, company_id=2, billing_cycle="Yearly"),
        ),
        additions=(an_addition(701, agreement_id=20), an_addition(801, agreement_id=30)),
    )

    assert found.money == {
        "Monthly": {"USD": Decimal("5.00")},
        "Yearly": {"USD": Decimal("10.00")},
    }


def test_one_addition_of_two_products_is_one_line_with_a_total_for_each():
    parts = (a_part(20), a_part(4, product=Product.SIEM))
    row = a_row(parts=parts)
    then, now = a_usage(units={"edr": 18, "siem": 5}), a_usage(units={"edr": 20, "siem": 4})

    found = compare(since(), (row,), (), then=(then,), now=(now,))

    assert (only_line(found).products, only_line(found).change) == ("edr+siem", 1)
    assert [(t.product, t.then, t.now) for t in found.totals] == [
        (Product.EDR, 18, 20),
        (Product.SIEM, 5, 4),
    ]


def test_one_use_that_two_additions_bill_counts_once_and_its_money_twice():
    here, there = a_row(12, 20), a_row(0, 5, addition_id=702, parts=(a_part(5),))
    now = a_usage(units={"edr": 25})

    found = compare(since(), (here, there), (), then=(a_usage(),), now=(now,))

    assert (only_line(found).now, only_line(found).money) == (25, {"USD": Decimal(65)})
    assert found.totals[0].now == 25


def test_the_largest_money_comes_first_whichever_way_it_goes():
    now = (a_usage(101, {"edr": 13}), a_usage(102, {"edr": 2}))
    found = forecast(
        now,
        now,
        mappings=a_mapping({101: 1, 102: 2}),
        agreements=(an_agreement(20, company_id=1), an_agreement(30, company_id=2)),
        additions=(an_addition(701, agreement_id=20), an_addition(801, agreement_id=30)),
    )

    assert [line.money for line in found.lines] == [
        {"USD": Decimal("-50.00")},
        {"USD": Decimal("5.00")},
    ]


def idle(organization: int, unresponsive: int | None, outdated: int | None) -> OrganizationUsage:
    reading = Reading(Product.EDR, 12, unresponsive=unresponsive, outdated=outdated)
    return replace(a_usage(organization), readings=(reading,))


def test_idle_agents_are_shown_most_first_and_missing_numbers_are_counted():
    now = (idle(101, 1, 0), idle(102, 2, 3), idle(103, 0, 0), idle(104, None, None))

    found = forecast((), now, mappings=a_mapping({101: 1}))

    assert [(i.organization_id, i.client) for i in found.idle] == [(102, ""), (101, "Company 1")]
    assert found.idle_unknown == 1
    steps = forecast_steps(found, (), (), complete=True)
    assert steps[0].do.startswith("Not responding: 3 agents of 2 organizations.")
    assert "before about 2026-08-01 (inferred)" in steps[0].do


def test_the_steps_name_what_an_invoice_would_find_and_never_a_release():
    remainder = Remainder(RemainderKind.UNMAPPED, 9, "Bakery", Product.EDR, 4, "")
    rows = (a_row(outcome=Outcome.BLOCKED), a_row(outcome=Outcome.HELD))
    found = forecast((), (a_usage(),), ForecastBasis(NOT_KNOWN))

    steps = forecast_steps(found, rows, (remainder,), complete=False)

    assert [step.do for step in steps[:3]] == [
        "Not everything was read; ask again later.",
        "Map or exclude Bakery before the next invoice",
        "Fix what each blocked row says before the next invoice",
    ]
    assert not any("plan_hash" in str(step) for step in steps)


def test_counts_of_another_day_than_the_last_invoices_are_marked():
    late = a_usage(read_at=INVOICED + timedelta(days=3))

    compared_with = forecast_document(forecast((late,), (a_usage(),)))["compared_with"]

    assert compared_with.endswith("by counts of 2026-07-04, not of its own day")


def test_a_short_telling_says_how_much_it_leaves_out():
    now = tuple(idle(number, 1, 0) for number in ORGANIZATIONS)

    document = forecast_document(forecast((), now), most=1)

    assert (len(document["lines"]), document["lines_not_shown"]) == (1, 3)
    assert (len(document["agents_to_look_at"]), document["agents_not_shown"]) == (1, 3)


def a_past(chance: Random) -> tuple[OrganizationUsage, ...]:
    """The usage of some organizations, or that it is unknown."""
    products = ("edr", "sat", "siem", "itdr")
    return tuple(
        a_usage(
            organization,
            {
                p: chance.choice((chance.randint(0, 30), "no answer"))
                for p in some(chance, products, 4)
            },
        )
        for organization in sorted(some(chance, ORGANIZATIONS, 4))
    )


@every_world
@given(worlds(), numbered(a_past), st.booleans())
def test_changes_sum_up_to_the_totals_and_every_known_unit_is_in_exactly_one_line(
    world: PlanInputs, then: tuple[OrganizationUsage, ...], frozen: bool
):
    world = replace(world, invoice=None)
    plan = make_plan(world)
    found = compare(since(frozen=frozen), plan.rows, plan.remainders, then=then, now=world.usage)
    parts = [part for line in found.lines for part in line.parts]

    for total in found.totals:
        changes = [p.change for p in parts if p.product is total.product]
        known = [change for change in changes if change is not None]
        assert sum(known) == total.now - total.then
        assert len(changes) - len(known) == total.not_comparable
    listed = {organization.organization_id for organization in world.usage}
    for product in Product:
        own = [part for part in parts if part.product is product]
        if None not in [part.now for part in own]:
            assert used(product, world.usage) == sum(part.now for part in own)
        if None not in [part.then for part in own]:
            past = [organization for organization in then if organization.organization_id in listed]
            assert used(product, past) == sum(part.then for part in own)


def used(product: Product, usage: Iterable[OrganizationUsage]) -> int:
    """Known units; a sum only where the lines know everything, which they are asked first."""
    return sum(
        r.units or 0
        for organization in usage
        for r in organization.readings
        if r.product is product
    )


@every_world
@given(worlds(), numbered(a_past))
def test_nothing_unknown_ever_becomes_a_number(
    world: PlanInputs, then: tuple[OrganizationUsage, ...]
):
    plan = make_plan(replace(world, invoice=None))
    found = compare(since(), plan.rows, plan.remainders, then=then, now=world.usage)

    unknown_now = {
        (s.organization_id, part.product)
        for row in plan.rows
        for part in row.parts
        for s in part.sources
        if s.units is None
    }
    for line in found.lines:
        for row in line.rows:
            for part in row.parts:
                cells = {(s.organization_id, part.product) for s in part.sources}
                if cells & unknown_now:
                    assert line.now is None and line.change is None and line.why_unknown
    lines_of = [row for line in found.lines for row in line.rows]
    assert sorted(lines_of, key=id) == sorted(plan.rows, key=id)


def test_what_cannot_be_written_is_in_no_sum_of_money():
    """Units included by the quantity rules and by the addition's own Less Included."""
    rules = CompanyRules(1, quantity={Product.EDR: QuantityChoice(included=10)})
    addition = an_addition(quantity=Decimal(55), less_included=Decimal(5))

    found = forecast(
        (a_usage(units={"edr": 44}),),
        (a_usage(units={"edr": 44}),),
        mappings=a_mapping({101: 1}, rules),
        additions=(addition,),
    )

    (row,) = only_line(found).rows
    assert (row.outcome, row.target, row.money) == (Outcome.BLOCKED, None, None)
    assert (only_line(found).money, dict(found.money)) == ({}, {})
    assert found.without_price == 0
