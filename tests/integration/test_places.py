"""Several agreements of one company, from the config table to ConnectWise."""

from decimal import Decimal
from typing import Any

import pytest

from billing_sync.domain.plan import Outcome, Reason
from billing_sync.domain.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.proof import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
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


@pytest.mark.companies(VESPER)
def test_a_pin_to_an_agreement_that_expired_blocks_and_names_the_one_to_pin(
    stack: LocalStack,
) -> None:
    stack.connectwise.state.agreements[VESPER_NORTH // 100]["agreementStatus"] = "Expired"
    stack.sync()

    run = ended(stack)

    (blocked,) = (s.row for s in stack.runs.rows(run) if s.row.outcome is Outcome.BLOCKED)
    assert blocked.reason is Reason.AGREEMENT_EXPIRED
    assert f"(id {VESPER_SOUTH // 100}) carries HUNTRESS-EDR: pin that one" in blocked.message
    assert (stack.quantity(VESPER_NORTH), stack.quantity(VESPER_SOUTH)) == (20.0, 33.0)


@pytest.mark.companies(ALDER)
def test_a_catalog_item_that_does_not_exist_is_told_where_it_is_named(stack: LocalStack) -> None:
    set_company(stack, ALDER, catalog_items={"edr": 999})

    result = stack.ask({})["result"]

    assert "MAPPING / COMPANY#301: catalog_items.edr is 999, which ConnectWise does not" in result
    assert stack.untouched()


FIXED = {"agreement_id": 3010, "units": 5}
SPLIT: dict[str, Any] = {"fixed": [FIXED], "remainder": 3011}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
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
        ({"split": {"m365": SPLIT}}, "split.m365.[key] is 'm365': Input should be 'edr'"),
        (
            {"split": {"edr": SPLIT}, "minimum": {"edr": 3}},
            "minimum of edr is 3, which a split cannot share out: remove minimum.edr or split.edr",
        ),
        (
            {"split": {"edr": SPLIT}, "not_billed": {"edr": "free"}},
            "edr is in split and in not_billed: keep one of them",
        ),
        ({"catalog_items": {"edr": "HUNTRESS-EDR"}}, "catalog_items.edr is 'HUNTRESS-EDR'"),
        ({"catalog_items": {"edr": Decimal("1.5")}}, "catalog_items.edr is 1.5"),
    ],
    ids=str,
)
def test_a_wrong_place_of_a_company_stops_all_and_says_where(
    stack: LocalStack, wrong: dict[str, Any], told: str
) -> None:
    set_company(stack, ALDER, **wrong)

    result = stack.ask({})["result"]

    assert result.startswith("WROTE NOTHING: MAPPING / COMPANY#301: ") and told in result
    assert stack.untouched()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            {"agreement_id": 5, "agreement_type": "Managed"},
            "agreement_id is 5 and agreement_type is 'Managed': keep one of them",
        ),
        (
            {"agreement_id": 5, "company_id": None, "excluded": True, "reason": "ours"},
            "agreement_id is 5 and excluded is true: keep one of them",
        ),
        ({"agreement_id": 0}, "agreement_id is 0: Input should be greater than 0"),
        ({"agreement_type": " "}, "agreement_type is ' ': String should have at least 1 character"),
        ({"agreement_type": 5}, "agreement_type is 5: Input should be a valid string"),
    ],
    ids=str,
)
def test_a_wrong_pin_stops_all_and_says_where(
    stack: LocalStack, wrong: dict[str, Any], told: str
) -> None:
    stack.change_item(*ALDER_KEY, **wrong)

    result = stack.ask({})["result"]

    assert result.startswith("WROTE NOTHING: MAPPING / ORG#101: ") and told in result
    assert stack.untouched()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([0], "combined_catalog_items.0 is 0: Input should be greater than 0"),
        (["HUNTRESS"], "combined_catalog_items.0 is 'HUNTRESS'"),
        (101, "combined_catalog_items is 101: must be a list"),
    ],
    ids=str,
)
def test_wrong_combined_items_stop_all_and_say_where(
    stack: LocalStack, wrong: object, told: str
) -> None:
    stack.set_settings(combined_catalog_items=wrong)

    result = stack.ask({})["result"]

    assert result.startswith("WROTE NOTHING: SETTINGS / CURRENT: ") and told in result
    assert stack.untouched()


def test_two_products_add_up_in_one_addition_where_the_settings_say_so(stack: LocalStack) -> None:
    item = {"catalog_item_id": 101}
    stack.set_settings(products={"edr": item, "siem": item}, combined_catalog_items=[101])
    stack.sync()

    row = stack.row(ALDER_EDR).row

    assert (row.arithmetic, row.outcome) == ("25 agents + 3 log sources = 28", Outcome.UPDATED)
    assert stack.quantity(ALDER_EDR) == 28.0
