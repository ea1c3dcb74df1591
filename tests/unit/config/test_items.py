"""Items of the config table: a wrong value is reported with its place and its fix."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from billing_sync.adapters.config.settings import SettingsItem
from billing_sync.adapters.config.table import wrong_in
from billing_sync.domain.config.destinations import FixedUnits, Pin, Split
from billing_sync.domain.config.effective import pin_of
from billing_sync.domain.config.overrides import GuardChoice, QuantityChoice, ZeroPolicy
from billing_sync.domain.vendors.usage import Product

EDR, SAT, SIEM = Product.EDR, Product.SAT, Product.SIEM
FIXED = {"agreement_id": 3010, "units": 5}
SPLIT: dict[str, Any] = {"fixed": [FIXED], "remainder": 3011}


def settings_item(**changes: object) -> dict[str, Any]:
    products = {"edr": {"catalog_item_id": Decimal(41)}}
    return {"pk": "SETTINGS", "sk": "CURRENT", "version": 1, "products": products} | changes


def product_item(**rules: object) -> dict[str, Any]:
    return settings_item(products={"edr": {"catalog_item_id": 41, **rules}})


def company_item(**rules: object) -> dict[str, Any]:
    return {"pk": "MAPPING", "sk": "COMPANY#301", **rules}


def organization_item(**changes: object) -> dict[str, Any]:
    return {"pk": "MAPPING", "sk": "ORG#101", "company_id": 301} | changes


def only(problems: list[str], where: str) -> str:
    """The one complaint, which begins with the item's key."""
    (text,) = problems
    assert text.startswith(f"{where}: ")
    return text


def test_settings_of_another_layout_are_refused_with_the_way_out():
    with pytest.raises(ValidationError, match="reads layout 1 of the config table"):
        SettingsItem.model_validate(settings_item(schema_version=2))


def test_a_products_rules_and_limits_are_those_of_its_item():
    guards = {"rise_percent": Decimal(0), "rise_units": Decimal("1.0"), "money": Decimal("9.5")}
    item = product_item(
        zero_policy="write",
        included=Decimal("2.0"),
        minimum=0,
        multiple_of=4,
        maximum=50,
        guards=guards,
        billing_cycles=["Yearly"],
    )

    settings = SettingsItem.model_validate(item).value()

    assert settings.quantity == {EDR: QuantityChoice(ZeroPolicy.WRITE, 2, 0, 4, 50)}
    assert settings.product_guards == {
        EDR: GuardChoice(
            rise_percent=Decimal(0),
            rise_units=1,
            money={"": Decimal("9.5")},
            billing_cycles=("Yearly",),
        )
    }


def test_a_companys_rules_limits_and_places_are_those_of_its_item():
    item = company_item(
        included={"edr": 0},
        maximum={"edr": 24},
        billing_cycles=["Yearly"],
        guards={"money": 100},
        catalog_items={"sat": 47},
        split={"siem": SPLIT},
        not_billed={"ispm": "free"},
    )

    rules = CompanyItem.model_validate(item).value(301)

    assert (rules.company_id, rules.not_billed) == (301, {Product.ISPM: "free"})
    assert rules.quantity[EDR] == QuantityChoice(included=0, maximum=24)
    assert rules.quantity[SAT] == QuantityChoice()
    assert rules.guards == GuardChoice(money={"": Decimal(100)}, billing_cycles=("Yearly",))
    assert rules.catalog_items == {SAT: 47}
    assert rules.splits == {SIEM: Split((FixedUnits(3010, 5),), 3011)}


@pytest.mark.parametrize(
    ("changes", "pin"),
    [
        ({}, Pin()),
        ({"agreement_id": Decimal("5.0")}, Pin(5)),
        ({"agreement_type": " Managed "}, Pin(agreement_type="Managed")),
    ],
)
def test_an_organizations_pin_is_that_of_its_item(changes: dict[str, Any], pin: Pin):
    mapping = OrganizationItem.model_validate(organization_item(**changes)).value(101)

    assert (mapping.organization_id, mapping.company_id, mapping.pin) == (101, 301, pin)


def test_the_pin_of_a_product_is_the_organizations_own_else_its_companys():
    own = {"agreement_id": 5, "additions": {"edr": Decimal("701.0")}}
    pinned = OrganizationItem.model_validate(organization_item(**own)).value(101)
    without = OrganizationItem.model_validate(organization_item()).value(102)
    item = company_item(additions={"edr": 702, "sat": 703})
    company = CompanyItem.model_validate(item).value(301)

    pins = [pin_of(product, each, company) for each in (pinned, without) for product in (EDR, SAT)]

    assert pins == [Pin(addition_id=701), Pin(5), Pin(addition_id=702), Pin(addition_id=703)]
    assert pin_of(SIEM, without, company) == Pin()


def test_products_that_add_up_are_those_of_the_settings():
    settings = SettingsItem.model_validate(settings_item(combined_catalog_items=[101])).value()

    assert settings.combined_catalog_items == (101,)


def test_an_invoices_plan_is_kept_without_case_and_gaps_and_names_its_products_in_their_order():
    item = settings_item(invoice_plans={" Managed  EDR ": ["siem", "edr"]})

    assert SettingsItem.model_validate(item).value().invoice_plans == {"managed edr": (EDR, SIEM)}


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ({"minimum": -1}, "products.edr.minimum is -1: Input should be greater than or equal to 0"),
        ({"included": Decimal("1.5")}, "products.edr.included is 1.5"),
        ({"multiple_of": 0}, "products.edr.multiple_of is 0"),
        ({"zero_policy": "never"}, "products.edr.zero_policy is 'never': Input should be 'hold'"),
        ({"minimun": 5}, "products.edr.minimun is 5: there is no such attribute"),
        ({"minimum": 5, "maximum": 4}, "maximum 4 is below minimum 5"),
        ({"guards": {"money": {"yen": 1}}}, "products.edr.guards.money.yen"),
        ({"guards": {"money": -1}}, "products.edr.guards.money is -1: Input should be greater"),
        ({"guards": {"run_zero_rows": 9}}, "products.edr.guards.run_zero_rows is 9: there is no"),
        ({"billing_cycles": "Yearly"}, "products.edr.billing_cycles is 'Yearly'"),
        ({"price": 5}, "products.edr.price is 5: there is no such attribute"),
    ],
    ids=str,
)
def test_a_wrong_rule_of_a_product_is_reported_with_its_place(rules: dict[str, Any], text: str):
    problems = wrong_in(SettingsItem, product_item(**rules))

    assert text in only(problems, "SETTINGS / CURRENT")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"combined_catalog_items": [0]},
            "combined_catalog_items.0 is 0: Input should be greater than 0",
        ),
        ({"combined_catalog_items": ["HUNTRESS"]}, "combined_catalog_items.0 is 'HUNTRESS'"),
        ({"combined_catalog_items": 101}, "combined_catalog_items is 101: must be a list"),
        ({"invoice_plans": {"EDR": []}}, "invoice_plans.EDR is []: List should have at least 1"),
        (
            {"invoice_plans": {"Managed SAT": ["sat"], " managed  sat": ["edr"]}},
            "these are one plan, keep one of them: Managed SAT, managed  sat",
        ),
        ({"release_valid_days": 90}, "release_valid_days is 90"),
    ],
    ids=str,
)
def test_a_wrong_setting_is_reported_with_its_place(changes: dict[str, Any], text: str):
    problems = wrong_in(SettingsItem, settings_item(**changes))

    assert text in only(problems, "SETTINGS / CURRENT")


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ({"minimum": {"edr": "many"}}, "minimum.edr is 'many': Input should be a valid integer"),
        ({"minimum": {"m365": 5}}, "minimum.m365 is 'm365': Input should be 'edr'"),
        ({"guards": {"rise_units": -1}}, "guards.rise_units is -1: Input should be greater"),
        ({"minimum": 5}, "minimum is 5: Input should be a valid dict"),
        ({"minimum": {"sat": 5}, "maximum": {"sat": 4}}, "maximum of sat 4 is below minimum"),
        ({"split": {"edr": {"fixed": [], "remainder": 1}}}, "split.edr.fixed is []: List should"),
        ({"split": {"edr": {"fixed": [FIXED]}}}, "split.edr.remainder: it is required; add it"),
        (
            {"split": {"edr": {**SPLIT, "fixed": [FIXED | {"units": 0}]}}},
            "split.edr.fixed.0.units is 0: Input should be greater than 0",
        ),
        (
            {"split": {"edr": {**SPLIT, "remainder": 3010}}},
            "split.edr: Value error, agreement 3010 is named twice: name each agreement once",
        ),
        ({"split": {"edr": {**SPLIT, "rest": 1}}}, "split.edr.rest is 1: there is no such"),
        ({"split": {"m365": SPLIT}}, "split.m365 is 'm365': Input should be 'edr'"),
        (
            {"split": {"edr": SPLIT}, "minimum": {"edr": 3}},
            "minimum of edr is 3, which a split cannot share out: remove minimum.edr or split.edr",
        ),
        (
            {"split": {"edr": SPLIT}, "not_billed": {"edr": "free"}},
            "edr is in split and in not_billed: keep one of them",
        ),
        (
            {
                "additions": {"edr": 7},
                "split": {"edr": {"fixed": [{"agreement_id": 1, "units": 5}], "remainder": 2}},
            },
            "edr is in split and in additions: keep one of them",
        ),
        ({"catalog_items": {"edr": "HUNTRESS-EDR"}}, "catalog_items.edr is 'HUNTRESS-EDR'"),
        ({"catalog_items": {"edr": Decimal("1.5")}}, "catalog_items.edr is 1.5"),
    ],
    ids=str,
)
def test_a_wrong_rule_of_a_company_is_reported_with_its_place(rules: dict[str, Any], text: str):
    assert text in only(wrong_in(CompanyItem, company_item(**rules)), "MAPPING / COMPANY#301")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"agreement_id": 5, "agreement_type": "Managed"},
            "agreement_id is 5 and agreement_type is 'Managed': keep one of them",
        ),
        (
            {"agreement_id": 5, "company_id": None, "excluded": True, "reason": "ours"},
            "agreement_id is 5 and excluded is true: keep one of them",
        ),
        (
            {"additions": {"edr": 7}, "company_id": None, "excluded": True, "reason": "ours"},
            "additions.edr is 7 and excluded is true: keep one of them",
        ),
        ({"additions": {"edr": 0}}, "additions.edr is 0: Input should be greater than 0"),
        ({"agreement_id": 0}, "agreement_id is 0: Input should be greater than 0"),
        ({"agreement_type": " "}, "agreement_type is ' ': String should have at least 1 character"),
        ({"agreement_type": 5}, "agreement_type is 5: Input should be a valid string"),
        ({"company_id": "Alder"}, "company_id is 'Alder'"),
        ({"excluded": True}, "set either company_id, or excluded to true"),
        ({"company_id": None}, "set either company_id, or excluded to true"),
        ({"company_id": None, "excluded": True}, "an excluded organization needs a reason"),
    ],
    ids=str,
)
def test_a_wrong_mapping_is_reported_with_its_place(changes: dict[str, Any], text: str):
    problems = wrong_in(OrganizationItem, organization_item(**changes))

    assert text in only(problems, "MAPPING / ORG#101")


def test_every_problem_of_an_item_is_reported():
    problems = wrong_in(CompanyItem, company_item(minimum={"edr": -1}, rest=1))

    assert len(problems) == 2
