"""Rules and limits from the config table to ConnectWise; what is wrong is told at once."""

from decimal import Decimal

import pytest

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, COPPERFIELD, COPPERFIELD_EDR

NEWER = ("quantity", "product_guards", "combined_catalog_items")


def set_product(stack: LocalStack, product: str, **rules: object) -> None:
    """Give a product rules in the settings, beside its catalog item."""
    products = stack.world.settings["products"]
    stack.set_settings(products={**products, product: {**products[product], **rules}})


def set_company(stack: LocalStack, company_id: int, **rules: object) -> None:
    """Give a company rules of its own."""
    key = {"pk": "MAPPING", "sk": f"COMPANY#{company_id}"}
    stack.config.put_item(Item={**key, **rules})


def test_a_products_rules_are_written_and_a_companys_own_win(stack: LocalStack) -> None:
    set_product(stack, "edr", included=Decimal("2.0"), multiple_of=4)
    set_company(stack, COPPERFIELD, included={"edr": 0})
    stack.sync()

    run = ended(stack)

    assert (run.verdict, stack.quantity(COPPERFIELD_EDR)) == (Verdict.COMPLETE, 68.0)
    alder = stack.row(ALDER_EDR).row
    assert (alder.outcome, stack.quantity(ALDER_EDR)) == (Outcome.UNCHANGED, 24.0)
    assert alder.arithmetic == "25 agents - 2 included = 23, multiple of 4 -> 24"


@pytest.mark.companies(ALDER)
def test_above_the_maximum_nothing_is_written_until_a_person_releases_it(
    stack: LocalStack,
) -> None:
    set_company(stack, ALDER, maximum={"edr": 24})
    stack.sync()
    run = ended(stack)
    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason, row.target) == (Outcome.HELD, Reason.MAXIMUM, 25)
    assert stack.untouched()

    reviewed = {"run_id": run.id, "plan_hash": run.plan_hash}
    stack.ask({"action": "release", "by": "Ann", **reviewed})
    stack.settle()

    assert (ended(stack).wrote, stack.quantity(ALDER_EDR)) == (1, 25.0)


def test_the_limits_of_a_product_and_of_a_company_hold_what_the_settings_would_not(
    stack: LocalStack,
) -> None:
    set_product(stack, "edr", guards={"rise_percent": 0, "rise_units": Decimal("1.0")})
    set_company(stack, ALDER, billing_cycles=["Yearly"], guards={"money": 100})
    stack.sync()

    reasons = {one: stack.row(one).row.reason for one in (ALDER_EDR, COPPERFIELD_EDR)}

    assert reasons == {ALDER_EDR: Reason.BILLING_CYCLE, COPPERFIELD_EDR: Reason.RISE}


def test_a_run_planned_before_there_were_rules_is_still_read(stack: LocalStack) -> None:
    stack.sync()
    run_id = ended(stack).id
    key = {"pk": f"RUN#{run_id}", "sk": "META"}
    meta = stack.ledger.get_item(Key=key)["Item"]
    old = {name: v for name, v in meta["settings"].items() if name not in NEWER}
    stack.ledger.put_item(Item={**meta, "settings": old})

    told = stack.press({"action": "show", "run_id": run_id})

    assert (told["run_id"], told["verdict"]) == (run_id, "complete")


def test_wrong_rules_of_a_product_and_of_a_company_stop_all_and_say_where(
    stack: LocalStack,
) -> None:
    set_product(stack, "edr", minimum=-1)
    of_the_product = stack.ask({})["result"]
    set_product(stack, "edr")
    set_company(stack, ALDER, minimum={"edr": "many"})
    of_the_company = stack.ask({})["result"]

    assert of_the_product.startswith("WROTE NOTHING: SETTINGS / CURRENT: products.edr.minimum is")
    assert of_the_company.startswith("WROTE NOTHING: MAPPING / COMPANY#301: minimum.edr is 'many'")
    assert stack.untouched()
