"""What holds for every plan of every small world."""

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing_sync.domain.config.overrides import GuardChoice, QuantityChoice
from billing_sync.domain.config.settings import Approval, Guards
from billing_sync.domain.invoices.product_scope import plan_key
from billing_sync.domain.plan.hash import plan_hash
from billing_sync.domain.plan.plan import Plan, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.plan.tie_out import where_units_ended
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.planning.still_planned import StillPlanned
from billing_sync.domain.statement.billing_status import findings, status_sums
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import an_invoice
from tests.unit.chance import numbered
from tests.unit.worlds import COMPANIES, every_world, worlds


def written_by(plan: Plan) -> set[tuple[int | None, Decimal | None]]:
    return {(row.addition_id, row.target) for row in plan.rows if row.to_write}


def known_units(world: PlanInputs, plan: Plan) -> dict[Product, int]:
    """What Huntress counted of the products that the invoice covers."""
    known = dict.fromkeys(Product, 0)
    for organization in world.usage:
        for reading in organization.readings:
            if not plan.products or reading.product in plan.products:
                known[reading.product] += reading.units or 0
    return known


@every_world
@given(worlds())
def test_every_known_unit_ends_in_exactly_one_row_or_remainder(world: PlanInputs):
    plan = make_plan(world)

    ended = where_units_ended(plan.rows, plan.remainders)

    assert {p: sum(ended.get(p, {}).values()) for p in Product} == known_units(world, plan)


@every_world
@given(worlds())
def test_the_units_of_all_verdicts_are_the_known_usage(world: PlanInputs):
    plan = make_plan(world)

    sums = status_sums(findings(plan.rows, plan.remainders), plan.tie_out)

    judged = {p: sum(total.units.get(p, 0) for total in sums) for p in Product}
    assert judged == known_units(world, plan)


@every_world
@given(worlds(), numbered(lambda chance: chance))
def test_the_order_of_what_was_read_changes_nothing(world: PlanInputs, chance: random.Random):
    plan, again = make_plan(world), make_plan(shuffled(world, chance))

    assert again.rows == plan.rows
    assert again.coverage == plan.coverage
    assert again.guard_messages == plan.guard_messages
    assert set(again.remainders) == set(plan.remainders)
    assert the_hash(again) == the_hash(plan)


def shuffled(world: PlanInputs, chance: random.Random) -> PlanInputs:
    def mixed(values):
        return chance.sample(list(values), len(values))

    return replace(
        world,
        usage=tuple(replace(u, readings=tuple(mixed(u.readings))) for u in mixed(world.usage)),
        mappings=replace(
            world.mappings,
            organizations=dict(mixed(world.mappings.organizations.items())),
            companies=dict(mixed(world.mappings.companies.items())),
        ),
        settings=replace(world.settings, products=dict(mixed(world.settings.products.items()))),
        catalog=dict(mixed(world.catalog.items())),
        agreements=tuple(mixed(world.agreements)),
        additions=tuple(mixed(world.additions)),
        unread=dict(mixed(world.unread.items())),
        written=tuple(mixed(world.written)),
        previous_usage=tuple(mixed(world.previous_usage)),
        last_cycle=LastCycle(
            dict(mixed(world.last_cycle.companies.items())),
            dict(mixed(world.last_cycle.units.items())),
        ),
    )


def the_hash(plan: Plan) -> str:
    return plan_hash(plan.rows, run_id="000001-sync", invoice="account#5003")


STRICTER = st.sampled_from(
    [
        {"rise_percent": Decimal(0)},
        {"rise_units": 0},
        {"rise_percent": Decimal(10), "rise_units": 1},
        {"fall_percent": Decimal(5), "fall_units": 0},
        {"money": {"USD": Decimal(1)}},
        {"run_guarded_percent": Decimal(0), "run_guarded_from_rows": 1},
        {"run_zero_rows": 0, "run_zero_percent": Decimal(0)},
        {"billing_cycles": ()},
        {"product_total_percent": Decimal(1)},
    ]
)

# Nothing a world draws for all is stricter than these.
NARROW = st.sampled_from(
    [
        GuardChoice(rise_percent=Decimal(0), rise_units=0),
        GuardChoice(fall_percent=Decimal(0), fall_units=0),
        GuardChoice(money={"": Decimal(0)}),
        GuardChoice(billing_cycles=()),
    ]
)


@every_world
@given(worlds(), STRICTER)
def test_a_stricter_guard_never_writes_more(world: PlanInputs, limits: dict[str, object]):
    strict = replace(world, settings=replace(world.settings, guards=Guards(**limits)))

    assert written_by(make_plan(strict)) <= written_by(make_plan(world))


@every_world
@given(worlds(), NARROW, st.sampled_from(["product", "company"]))
def test_a_stricter_guard_of_a_product_or_a_company_never_writes_more(
    world: PlanInputs, limits: GuardChoice, of: str
):
    strict = dict.fromkeys(Product, limits)
    if of == "product":
        free = replace(world, settings=replace(world.settings, product_guards={}))
        held = replace(world, settings=replace(world.settings, product_guards=strict))
    else:
        free = with_company_rules(world, guards=GuardChoice())
        held = with_company_rules(world, guards=limits)

    assert written_by(make_plan(held)) <= written_by(make_plan(free))


@every_world
@given(worlds(), st.integers(0, 30), st.integers(0, 30))
def test_a_lower_maximum_never_writes_more(world: PlanInputs, one: int, other: int):
    low, high = (
        with_company_rules(world, quantity=dict.fromkeys(Product, QuantityChoice(maximum=most)))
        for most in sorted((one, other))
    )

    assert written_by(make_plan(low)) <= written_by(make_plan(high))


def with_company_rules(world: PlanInputs, **changes: object) -> PlanInputs:
    """Every company with these rules of its own."""
    rules = {
        company_id: replace(world.mappings.rules(company_id), **changes) for company_id in COMPANIES
    }
    return replace(world, mappings=replace(world.mappings, companies=rules))


@every_world
@given(worlds(), st.integers(0, 20))
def test_a_quantity_above_the_maximum_is_never_written(world: PlanInputs, most: int):
    limited = dict.fromkeys(Product, QuantityChoice(maximum=most))
    plan = make_plan(with_company_rules(world, quantity=limited))

    assert all(row.target <= most for row in plan.rows if row.to_write)


@every_world
@given(worlds())
def test_approval_or_a_second_billing_event_writes_nothing(world: PlanInputs):
    approval = replace(world.settings, approval=Approval.REQUIRED)

    assert written_by(make_plan(replace(world, settings=approval))) == set()
    assert written_by(make_plan(replace(world, second_event="another invoice ran"))) == set()


@every_world
@given(worlds())
def test_unknown_never_becomes_a_quantity(world: PlanInputs):
    for row in make_plan(world).rows:
        if any(part.unknown_count for part in row.parts):
            assert row.outcome in (Outcome.BLOCKED, Outcome.EXCLUDED)
            assert row.target is None


@every_world
@given(worlds())
def test_what_could_not_be_read_is_never_written(world: PlanInputs):
    plan = make_plan(world)
    companies = {a.company_id for a in world.agreements if a.id in world.unread}

    assert plan.coverage.complete is not bool(companies)
    assert not any(row.to_write for row in plan.rows if row.company_id in companies)


@every_world
@given(worlds())
def test_an_addition_belongs_to_one_row_and_a_row_has_one_name(world: PlanInputs):
    rows = make_plan(world).rows
    additions = [row.addition_id for row in rows if row.addition_id is not None]
    names = [(row.company_id, row.key) for row in rows]

    assert len(additions) == len(set(additions))
    assert len(names) == len(set(names))


@every_world
@given(worlds())
def test_a_write_is_a_whole_number_to_a_live_addition_as_it_was_read(world: PlanInputs):
    additions = {addition.id: addition for addition in world.additions}
    agreements = {agreement.id: agreement for agreement in world.agreements}
    for row in make_plan(world).rows:
        if row.to_write or row.reason is Reason.ORPHANED:
            addition = additions[row.addition_id]
            assert agreements[addition.agreement_id].status == "Active"
            assert row.before == addition.quantity != row.target
            assert row.target >= 0
            assert row.target == row.target.to_integral_value()


@every_world
@given(worlds())
def test_what_was_written_is_unchanged_when_planned_again(world: PlanInputs):
    plan = make_plan(world)
    targets = {row.addition_id: row.target for row in plan.rows if row.to_write}
    applied = replace(
        world,
        additions=tuple(
            replace(a, quantity=targets.get(a.id, a.quantity)) for a in world.additions
        ),
        written=tuple(
            replace(w, quantity=targets.get(w.addition_id, w.quantity)) for w in world.written
        ),
    )

    again = {row.addition_id: row.outcome for row in make_plan(applied).rows}

    assert all(again[addition_id] is Outcome.UNCHANGED for addition_id in targets)


@every_world
@given(worlds())
def test_a_row_that_cannot_be_written_has_no_target_and_its_addition_no_money(world: PlanInputs):
    blocked = [row for row in make_plan(world).rows if row.outcome is Outcome.BLOCKED]

    assert [row for row in blocked if row.target is not None] == []
    assert [row for row in blocked if row.addition_id and row.money is not None] == []


@every_world
@given(worlds())
def test_every_row_that_needs_a_person_gives_the_reason(world: PlanInputs):
    for row in make_plan(world).rows:
        silent = row.outcome in (Outcome.UPDATED, Outcome.UNCHANGED)
        assert silent or (row.reason is not Reason.NONE and row.message)


@every_world
@given(worlds(), st.sets(st.sampled_from(Product), min_size=1))
def test_an_invoice_of_some_products_aims_at_what_an_invoice_of_all_would_and_touches_no_other(
    world: PlanInputs, named: set[Product]
):
    plans = {plan_key(an_invoice().plan): tuple(p for p in Product if p in named)}
    wide, narrow = (
        make_plan(replace(world, settings=replace(world.settings, invoice_plans=invoice_plans)))
        for invoice_plans in ({}, plans)
    )

    written = {aim(row) for row in narrow.rows if row.to_write}
    own = {aim(row) for row in wide.rows if {part.product for part in row.parts} <= named}
    assert written <= own <= {aim(row) for row in narrow.rows}
    assert all(named & {part.product for part in row.parts} for row in narrow.rows if row.parts)
    moved = [row for row in narrow.rows if row.to_write or row.outcome is Outcome.HELD]
    assert all({part.product for part in row.parts} <= named for row in moved)
    assert {one.product for one in narrow.remainders} <= named
    assert {one.product for one in narrow.tie_out} <= named


def aim(row: Row) -> tuple[int, str, Decimal | None]:
    """The row and what it is to become."""
    return row.company_id, row.key, row.target


@every_world
@given(world=worlds())
def test_a_row_with_usage_is_still_planned_while_nothing_is_configured_anew(world: PlanInputs):
    plan = make_plan(world)
    today = StillPlanned(world.mappings, world.settings)
    writable = (row for row in plan.rows if row.target is not None)

    for row in (row for row in writable if row.reason is not Reason.ORPHANED):
        assert today.checked(row, row, plan.rows) is row
