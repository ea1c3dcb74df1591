"""Billed without usage: additions that charge a company and that no row of the plan covers."""

from datetime import date
from decimal import Decimal

import pytest

from billing_sync.domain.config.mappings import CompanyRules, Mappings, OrganizationMapping
from billing_sync.domain.plan.plan import Plan
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.plan.unmatched import Others
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.planning.unmatched_additions import MOST_KEPT, audited
from billing_sync.domain.vendors.connectwise import BillCustomer
from billing_sync.domain.vendors.usage import Product, UsageSource
from tests.unit.builders import (
    a_mapping,
    a_usage,
    a_written,
    an_addition,
    an_agreement,
    some_inputs,
    some_settings,
)

LEFT = an_agreement(90, company_id=9, company_name="Left Co", name="Security")
TOMORROW = date(2026, 7, 2)


def planned(inputs: PlanInputs, others: Others | None = None) -> Plan:
    return audited(make_plan(inputs), inputs, others or Others())


def left(*additions: object, **changes: object) -> Plan:
    """A plan beside which a company without an organization has these additions."""
    return planned(some_inputs(**changes), Others((LEFT,), tuple(additions)))


def test_an_addition_of_a_company_without_an_organization_is_shown_with_its_money_and_the_fix():
    plan = left(an_addition(909, agreement_id=90, quantity=Decimal(11)))

    (stray,) = plan.strays
    assert (stray.company_name, stray.products, stray.quantity) == ("Left Co", "edr", 11)
    assert (stray.money, stray.billing_cycle) == (Decimal("55.00"), "Monthly")
    assert "Map one (MAPPING / ORG#<organization id>, company_id 9)" in stray.message
    assert "'Security' > Additions > cancel addition 909 or set it to 0" in stray.message
    assert plan.audit is not None
    assert (plan.audit.additions, plan.audit.money, plan.audit.trouble) == (
        1,
        {"USD": Decimal(55)},
        "",
    )
    assert plan.warnings == ()


def test_of_several_additions_a_person_pinned_one_and_what_ends_by_itself_is_no_finding():
    rules = CompanyRules(1, additions={Product.EDR: 701})
    ends = {"effective_date": date(2026, 6, 15), "cancelled_date": date(2026, 7, 14)}
    one_time, credit = an_addition(702, **ends), an_addition(703, quantity=Decimal(-2))
    replaced = an_addition(704, cancelled_date=date(2026, 7, 20))
    forgotten = an_addition(705)
    lines = (an_addition(), one_time, credit, replaced, forgotten)
    inputs = some_inputs(mappings=a_mapping({101: 1}, rules), additions=lines)

    assert [stray.addition_id for stray in planned(inputs).strays] == [705]


def test_an_invoice_of_one_product_finds_nothing_of_the_others():
    settings = some_settings(invoice_plans={"managed edr": (Product.SAT,)})
    of_edr = an_addition(909, agreement_id=90)

    assert left(of_edr).strays
    assert left(of_edr, settings=settings).strays == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": Decimal(0)},
        {"quantity": Decimal(0), "unit_price": None},
        {"quantity": Decimal(2), "less_included": Decimal(2)},
        {"bill_customer": BillCustomer.DO_NOT_BILL},
        {"bill_customer": BillCustomer.NO_CHARGE},
        {"unit_price": Decimal(0)},
        {"effective_date": TOMORROW},
        {"cancelled_date": date(2026, 7, 1)},
        {"catalog_item_id": 99},
    ],
)
def test_an_addition_that_charges_no_client_today_is_not_shown(changes):
    assert left(an_addition(909, agreement_id=90, **changes)).strays == ()


def test_an_addition_without_a_price_is_shown_without_money():
    plan = left(an_addition(909, agreement_id=90, unit_price=None))

    assert [stray.money for stray in plan.strays] == [None]
    assert plan.audit is not None and plan.audit.unpriced == 1


def test_an_addition_that_a_row_covers_is_not_shown_again():
    assert planned(some_inputs()).strays == ()


def test_an_addition_we_wrote_is_an_orphaned_row_and_not_shown_twice():
    inputs = some_inputs(
        agreements=(an_agreement(), LEFT),
        additions=(an_addition(), an_addition(909, agreement_id=90)),
        written=(a_written(909, agreement_id=90, company_id=9),),
    )

    plan = planned(inputs, Others((LEFT,), (an_addition(909, agreement_id=90),)))

    assert [row.addition_id for row in plan.rows if row.reason is Reason.ORPHANED] == [909]
    assert plan.strays == ()


def test_a_second_agreement_of_a_type_that_is_left_out_bills_beside_the_row():
    inputs = some_inputs(
        settings=some_settings(agreement_types=("Managed Services",)),
        agreements=(an_agreement(), an_agreement(21, name="Old", type_name="Block Time")),
        additions=(an_addition(), an_addition(702, agreement_id=21)),
    )

    (stray,) = planned(inputs).strays

    assert (stray.addition_id, stray.company_id) == (702, 1)
    assert "is of type 'Block Time', which the settings do not allow" in stray.message
    assert "agreement_types" in stray.message


@pytest.mark.parametrize(
    "changes",
    [
        {"additions": (an_addition(), an_addition(702))},  # ambiguous
        {"usage": (a_usage(units={"edr": "no answer"}),)},
        {"mappings": a_mapping({101: 1}, CompanyRules(1, not_billed={Product.EDR: "free"}))},
    ],
)
def test_a_row_without_an_addition_covers_all_its_companys(changes):
    plan = planned(some_inputs(**changes))

    assert len(plan.rows) == 1 and plan.strays == ()


def test_a_product_that_an_invoice_with_lines_of_its_own_leaves_out_is_no_stray():
    usage = (a_usage(units={"edr": 12}, source=UsageSource.RESELLER_INVOICE),)
    sat = an_addition(702, catalog_item_id=43, catalog_item_identifier="HUNTRESS-SAT")
    inputs = some_inputs(usage=usage, additions=(an_addition(), sat))

    assert planned(inputs).strays == ()


def test_the_largest_money_comes_first_and_what_is_kept_is_bounded():
    many = MOST_KEPT + 20
    plan = left(*(an_addition(n, agreement_id=90, quantity=Decimal(n)) for n in range(1, many + 1)))

    assert [stray.addition_id for stray in plan.strays[:2]] == [many, many - 1]
    assert plan.audit is not None
    assert (len(plan.strays), plan.audit.additions) == (MOST_KEPT, many)


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (
            Others(unlisted="503"),
            "could not be listed, so what is billed without usage there is not known. 503",
        ),
        (
            Others((LEFT,), (), {90: "no answer"}),
            "1 of 1 agreements of companies without an organization could not be read, so what is"
            " billed without usage there is not known. Agreement 90: no answer",
        ),
    ],
)
def test_what_the_audit_could_not_see_is_a_warning(others, told):
    plan = planned(some_inputs(), others)

    (warning,) = plan.warnings
    assert told in warning
    assert plan.audit is not None and plan.audit.trouble == warning


class CountedDict(dict[int, OrganizationMapping]):
    """Mappings that count how often somebody goes through all of them."""

    passes = 0

    def values(self):
        self.passes += 1
        return super().values()


def test_the_work_does_not_grow_with_additions_times_organizations():
    passes = set()
    for count in (1, 50):
        organizations = CountedDict(a_mapping({101: 1}).organizations)
        inputs = some_inputs(mappings=Mappings(organizations))
        plan = make_plan(inputs)
        before = organizations.passes
        additions = (an_addition(900 + number, agreement_id=90) for number in range(count))
        assert len(audited(plan, inputs, Others((LEFT,), tuple(additions))).strays) == count
        passes.add(organizations.passes - before)

    assert len(passes) == 1
