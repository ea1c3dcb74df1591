"""The narrower choice wins, attribute by attribute: company over product over settings."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from billing_sync.domain.config.effective import guard_limits, quantity_rules
from billing_sync.domain.config.mappings import CompanyRules
from billing_sync.domain.config.overrides import (
    GuardChoice,
    QuantityChoice,
    QuantityRules,
    ZeroPolicy,
)
from billing_sync.domain.config.settings import Guards, Settings
from billing_sync.domain.plan.quantity import billed_quantity
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import some_settings

OF_PRODUCT = QuantityChoice(ZeroPolicy.KEEP, included=2, minimum=15, multiple_of=5, maximum=50)
OF_COMPANY = QuantityChoice(ZeroPolicy.WRITE, included=0, minimum=0, multiple_of=1, maximum=60)
LIMITS_OF_PRODUCT = GuardChoice(Decimal(10), 1, Decimal(11), 2, {"": Decimal(12)}, ("Yearly",))
LIMITS_OF_COMPANY = GuardChoice(Decimal(0), 0, Decimal(0), 0, {"": Decimal(0)}, ())


def with_products(**changes: object) -> Settings:
    return some_settings(
        quantity={Product.EDR: OF_PRODUCT},
        product_guards={Product.EDR: LIMITS_OF_PRODUCT},
        **changes,
    )


@pytest.mark.parametrize("rule", [field.name for field in fields(QuantityChoice)])
def test_a_rule_of_a_company_wins_and_leaves_the_products_others_as_they_are(rule):
    own = QuantityChoice(**{rule: getattr(OF_COMPANY, rule)})
    company = CompanyRules(1, quantity={Product.EDR: own})

    found = quantity_rules(Product.EDR, company, with_products())

    of_product = QuantityRules(**{f.name: getattr(OF_PRODUCT, f.name) for f in fields(OF_PRODUCT)})
    assert found == replace(of_product, **{rule: getattr(OF_COMPANY, rule)})


@pytest.mark.parametrize("limit", [field.name for field in fields(GuardChoice)])
def test_a_limit_of_a_company_wins_and_leaves_the_products_others_as_they_are(limit):
    own = GuardChoice(**{limit: getattr(LIMITS_OF_COMPANY, limit)})
    settings = with_products(guards=Guards(run_zero_rows=9))

    found = guard_limits(Product.EDR, CompanyRules(1, guards=own), settings)

    for name in (field.name for field in fields(GuardChoice)):
        chosen = LIMITS_OF_COMPANY if name == limit else LIMITS_OF_PRODUCT
        value = {"USD": chosen.money[""]} if name == "money" else getattr(chosen, name)
        assert getattr(found, name) == value
    assert found.run_zero_rows == 9


def test_without_overrides_the_general_settings_apply():
    settings = with_products(zero_policy=ZeroPolicy.WRITE, guards=Guards(rise_units=7))

    assert quantity_rules(Product.SAT, CompanyRules(1), settings) == QuantityRules(ZeroPolicy.WRITE)
    assert guard_limits(Product.SAT, CompanyRules(1), settings) == Guards(rise_units=7)


def test_a_rule_for_one_product_of_a_company_says_nothing_of_another():
    company = CompanyRules(1, quantity={Product.SAT: OF_COMPANY})

    assert quantity_rules(Product.EDR, company, with_products()).minimum == 15


@pytest.mark.parametrize(
    ("units", "rules", "target"),
    [
        (1, QuantityRules(included=2), 0),
        (2, QuantityRules(included=2), 0),
        (3, QuantityRules(included=2), 1),
        (14, QuantityRules(minimum=15), 15),
        (15, QuantityRules(minimum=15), 15),
        (16, QuantityRules(minimum=15), 16),
        (9, QuantityRules(multiple_of=5), 10),
        (10, QuantityRules(multiple_of=5), 10),
        (11, QuantityRules(multiple_of=5), 15),
        (0, QuantityRules(multiple_of=5), 0),
        (2, QuantityRules(included=2, minimum=3, multiple_of=5), 5),
        (0, QuantityRules(ZeroPolicy.WRITE, minimum=3), 3),
        (99, QuantityRules(maximum=50), 99),
    ],
)
def test_a_quantity_at_and_around_each_rule(units, rules, target):
    assert billed_quantity(units, rules, used="").target == target


def test_a_rule_without_effect_is_not_shown():
    rules = QuantityRules(minimum=5, multiple_of=4, maximum=50)

    assert billed_quantity(12, rules, used="12 agents").arithmetic == "12 agents"


def test_a_limit_in_one_currency_leaves_the_limits_in_others_as_they_are():
    settings = some_settings(
        currency="GBP",
        guards=Guards(money={"GBP": Decimal(500), "JPY": Decimal(60000)}),
        product_guards={Product.EDR: GuardChoice(money={"": Decimal(400)})},
    )
    company = CompanyRules(1, guards=GuardChoice(money={"JPY": Decimal(1000)}))

    found = guard_limits(Product.EDR, company, settings)

    assert found.money == {"GBP": Decimal(400), "JPY": Decimal(1000)}
