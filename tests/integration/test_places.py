"""Several agreements of one company, from the config table to ConnectWise."""

import pytest

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_ORGANIZATION,
    COPPERFIELD,
    COPPERFIELD_EDR,
    TREFOIL,
    TREFOIL_FLAT,
    TREFOIL_REST,
    ULLSWATER,
    ULLSWATER_EDR,
    VESPER,
    VESPER_NORTH,
    VESPER_SOUTH,
)

ALDER_KEY = ("MAPPING", f"ORG#{ALDER_ORGANIZATION}")


def set_company(stack: LocalStack, company_id: int, **rules: object) -> None:
    """Give a company rules of its own."""
    stack.config.put_item(Item={"pk": "MAPPING", "sk": f"COMPANY#{company_id}", **rules})


@pytest.mark.companies(TREFOIL, ULLSWATER, VESPER)
def test_a_split_and_two_pins_are_written_once_and_the_next_sync_writes_nothing(
    stack: LocalStack,
) -> None:
    stack.sync()
    first = ended(stack)
    assert (first.verdict, first.wrote) == (Verdict.COMPLETE, 5)
    quantities = {
        TREFOIL_FLAT: 30.0,  # fixed
        TREFOIL_REST: 12.0,  # of 42
        VESPER_NORTH: 21.0,
        VESPER_SOUTH: 33.0,
        ULLSWATER_EDR: 16.0,  # through a catalog item of its own
    }
    assert {each: stack.quantity(each) for each in quantities} == quantities

    stack.ask({"by": "Ann"})

    again = ended(stack)
    assert again.id != first.id
    assert (again.verdict, again.wrote) == (Verdict.COMPLETE, 0)
    assert {each: stack.row(each).row.outcome for each in quantities} == dict.fromkeys(
        quantities, Outcome.UNCHANGED
    )


@pytest.mark.companies(ALDER, COPPERFIELD)
def test_a_companys_own_catalog_item_that_does_not_exist_blocks_that_company_only(
    stack: LocalStack,
) -> None:
    set_company(stack, ALDER, catalog_items={"edr": 999})
    stack.sync()

    run = ended(stack)

    (row,) = [s.row for s in stack.runs.rows(run, ALDER) if s.row.outcome is Outcome.BLOCKED]
    assert (row.products, row.reason) == ("edr", Reason.NO_CATALOG_ITEM)
    assert "catalog_items.edr is 999, which ConnectWise does not have" in row.message
    assert stack.quantity(COPPERFIELD_EDR) == 65.0


@pytest.mark.companies(ALDER)
def test_a_catalog_item_of_the_settings_that_does_not_exist_stops_all(stack: LocalStack) -> None:
    products = stack.world.settings["products"]
    stack.set_settings(products=products | {"edr": {"catalog_item_id": 999}})
    stack.invoice_appears()

    result = stack.ask({"by": "Ann"})["result"]

    assert "products.edr.catalog_item_id is 999, which ConnectWise does not have" in result
    assert stack.untouched()


def test_a_wrong_place_and_a_wrong_pin_stop_all_and_say_where(stack: LocalStack) -> None:
    set_company(stack, ALDER, split={"edr": {"fixed": [], "remainder": 1}})
    stack.change_item(*ALDER_KEY, agreement_id=0)

    result = stack.ask({})["result"]

    assert result.startswith("WROTE NOTHING: MAPPING / COMPANY#301: split.edr.fixed is []: ")
    assert "; MAPPING / ORG#101: agreement_id is 0: Input should be greater than 0" in result
    assert stack.untouched()
