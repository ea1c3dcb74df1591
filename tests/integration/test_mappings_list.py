"""`billing-sync mappings list`: what costs most is on top, and nothing is hidden."""

import json
from typing import Any

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.mapping_world import (
    ALDER,
    ALDER_ORG,
    BIRCH_ORG,
    COPPER_ORG,
    DRUMLIN_ORG,
    ELM,
    ELM_ORG,
    NOBODY,
    appears,
    deleted,
    mapping_world,
    vanishes,
    words,
)
from tests.integration.operator_line import OperatorLine
from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.world.seed_types import Organization

pytestmark = pytest.mark.world(build=mapping_world)


def listed_mappings(operator: OperatorLine, *more: str) -> dict[str, Any]:
    shown = operator("mappings", "list", "--json", *more)
    return dict(json.loads(shown.stdout))


def line(operator: OperatorLine, organization_id: int) -> dict[str, Any]:
    lines = listed_mappings(operator)["lines"]
    return next(each for each in lines if each["organization_id"] == organization_id)


def order(answer: dict[str, Any]) -> list[tuple[str, int]]:
    return [(each["state"], each["organization_id"]) for each in answer["lines"]]


def test_the_unmapped_come_first_then_the_broken_each_by_money(
    stack: LocalStack, operator: OperatorLine
) -> None:
    operator("mappings", "exclude", str(DRUMLIN_ORG), "--reason", "a trial", "--yes")

    answer = listed_mappings(operator)

    assert order(answer) == [
        ("unmapped", COPPER_ORG),
        ("unmapped", BIRCH_ORG),
        ("unmapped", NOBODY),
        ("broken", ELM_ORG),
        ("mapped", ALDER_ORG),
        ("excluded", DRUMLIN_ORG),
    ]
    assert [each["money"] for each in answer["lines"][:3]] == ["140.00", "35.00", "3.50"]
    assert answer["result"] == (
        "3 unmapped (178.50 USD), 1 broken (105.00 USD), 1 mapped (70.00 USD),"
        " 1 excluded (17.50 USD)"
    )


def test_a_person_reads_it_in_a_hundred_columns_with_the_way_out(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("mappings", "list")

    assert shown.exit_code == 0 and max(map(len, shown.stdout.splitlines())) <= 100
    text = words(shown.stdout)
    assert "Units of Huntress's list now (all agents" in text
    assert "Copperfield (13) 40 edr 140.00" in text
    assert "- Elm (5): In ConnectWise: Finance > Agreements, renew one" in text
    assert text.endswith("Next - billing-sync mappings suggest")


def test_units_are_the_last_invoices_and_the_lists_where_it_has_none(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.sync()
    stack.huntress.state.organizations[COPPER_ORG]["agents_count"] = 999
    appears(stack, Organization(99, "Late", {"edr": 7}))

    answer = listed_mappings(operator)

    assert answer["units_of"].startswith("invoice 5003 of 2026-07-14; * where it has none")
    copper, late = line(operator, COPPER_ORG), line(operator, 99)
    assert (copper["units"]["edr"], "edr" in copper["units_of_list"]) == (40, False)
    assert (late["units"]["edr"], late["units_of_list"][0]) == (7, "edr")
    assert "Late (99) 7* edr 24.50" in words(operator("mappings", "list").stdout)


def organization_gone(stack: LocalStack) -> None:
    vanishes(stack, ALDER_ORG)


def company_gone(stack: LocalStack) -> None:
    deleted(stack, ALDER)


def agreements_ended(stack: LocalStack) -> None:
    for agreement in stack.connectwise.state.agreements.values():
        agreement |= {"agreementStatus": "Expired", "endDate": "2026-06-30T00:00:00Z"}


def pin_of_another_company(stack: LocalStack) -> None:
    stack.change_item("MAPPING", f"ORG#{ALDER_ORG}", agreement_id=3030)


def pin_ended(stack: LocalStack) -> None:
    stack.change_item("MAPPING", f"ORG#{ALDER_ORG}", agreement_id=3011)
    stack.connectwise.state.agreements[3011] |= {"agreementStatus": "Expired"}


def type_nobody_has(stack: LocalStack) -> None:
    stack.change_item("MAPPING", f"ORG#{ALDER_ORG}", agreement_type="Backup")


def misspelt(stack: LocalStack) -> None:
    stack.change_item("MAPPING", f"ORG#{ALDER_ORG}", agrement_id=3010)


@pytest.mark.parametrize(
    ("breaks", "reason", "way_out"),
    [
        (organization_gone, "the organization is gone from Huntress", "mappings remove 1"),
        (company_gone, "company 301 has no agreement in ConnectWise", "mappings set 1 <the"),
        (agreements_ended, "no agreement of the company takes a quantity now", "renew one"),
        (pin_of_another_company, "pinned to agreement 3030: the company has none such", "3010"),
        (pin_ended, "pinned to agreement 3011: 'Projects - Alder Finch LLC' (id 3011) exp", "3010"),
        (type_nobody_has, "pinned to agreements of type 'Backup': the company has none", "3010"),
        (misspelt, "MAPPING / ORG#1: agrement_id is 3010: there is no such", "remove 1"),
    ],
)
def test_a_broken_mapping_is_reported_with_the_reason_and_hides_no_other(
    stack: LocalStack, operator: OperatorLine, breaks: Any, reason: str, way_out: str
) -> None:
    breaks(stack)

    answer = listed_mappings(operator)

    broken = {
        each["organization_id"]: each for each in answer["lines"] if each["state"] == "broken"
    }
    assert set(broken) == {ALDER_ORG, ELM_ORG} or breaks is misspelt
    assert reason in broken[ALDER_ORG]["told"].replace("Decimal('3010')", "3010")
    assert way_out in broken[ALDER_ORG]["way_out"]
    assert len(answer["lines"]) == 6


def test_a_pin_in_order_is_shown_and_breaks_nothing(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.change_item("MAPPING", f"ORG#{ALDER_ORG}", agreement_type="managed services")

    assert (line(operator, ALDER_ORG)["state"], line(operator, ALDER_ORG)["told"]) == (
        "mapped",
        "type managed services",
    )


def test_only_what_is_asked_for_is_shown_and_all_is_counted(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("mappings", "list", "--only", "broken", "--only", "mapped").stdout

    assert "Elm (5)" in shown and "Alder Finch (1)" in shown and "Copperfield" not in shown
    assert shown.startswith("4 unmapped (196.00 USD), 1 broken")


def test_a_list_that_cannot_be_read_is_reported_and_is_no_success(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.huntress.add_fault(Fault(FaultKind.STATUS, path="/v1/organizations", status=403, times=0))

    shown = operator("mappings", "list")

    assert shown.exit_code == 1
    assert "the organizations cannot be read: " in words(shown.stdout)
    assert "Elm (305)" in shown.stdout and "Alder Finch LLC (301)" in shown.stdout
    assert "gone from Huntress" not in words(shown.stdout)


def test_a_company_whose_agreement_ended_is_not_called_gone_while_a_mapping_is_wrong(
    stack: LocalStack, operator: OperatorLine
) -> None:
    misspelt(stack)
    stack.config.put_item(Item={"pk": "MAPPING", "sk": "ORG#90", "company_id": ELM})

    answer = listed_mappings(operator)

    lines = {each["organization_id"]: each for each in answer["lines"]}
    assert lines[ELM_ORG]["state"] == "broken" and "expired on" in str(lines[ELM_ORG])
    assert "companies: Of mapped companies only Active agreements" in answer["not_read"][0]


def test_without_settings_there_is_no_money_and_everything_else_is_there(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.set_settings(products={})

    shown = operator("mappings", "list")

    text = words(shown.stdout)
    assert shown.exit_code == 1 and "Copperfield (13) 40 edr ?" in text
    assert "no prices, for the settings are missing or wrong: SETTINGS / CURRENT" in text
