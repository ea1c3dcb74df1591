"""`billing-sync mappings suggest`: it proposes, a person accepts, answers are written at once."""

import json
from decimal import Decimal

import pytest

from tests.integration.aws_endpoint import CALLER
from tests.integration.local_stack import LocalStack
from tests.integration.mapping_world import (
    ALDER,
    BIRCH,
    BIRCH_ORG,
    COPPER,
    COPPER_ORG,
    DRUMLIN,
    DRUMLIN_ORG,
    NOBODY,
    mapping_world,
    words,
)
from tests.integration.operator_line import OperatorLine
from tools.sandbox.vendors.faults import Fault, FaultKind

ALREADY = {1: ALDER, 5: 305}
EXACT = {BIRCH_ORG: BIRCH, DRUMLIN_ORG: DRUMLIN}


pytestmark = pytest.mark.world(build=mapping_world)


def mapped(stack: LocalStack) -> dict[int, int | str]:
    """Organization to company id, or the reason of its exclusion."""
    items = stack.config.scan()["Items"]
    return {
        int(str(item["sk"]).removeprefix("ORG#")): _to(item.get("company_id"), item.get("reason"))
        for item in items
        if str(item["sk"]).startswith("ORG#")
    }


def _to(company_id: object, reason: object) -> int | str:
    return int(company_id) if isinstance(company_id, Decimal) else str(reason)


def test_a_plain_pipe_shows_and_writes_nothing(stack: LocalStack, operator: OperatorLine) -> None:
    shown = operator("mappings", "suggest")

    text = words(shown.stdout)
    assert shown.exit_code == 0 and mapped(stack) == ALREADY
    assert max(map(len, shown.stdout.splitlines())) <= 100
    assert "4 unmapped, 2 of them with an exact company" in text
    assert "Result: 0 mapped, 0 excluded, 4 still unmapped." in text
    assert text.index("Copperfield (13)") < text.index("Birchleaf (12)")  # by money
    assert "no company that is listed has a name like it" in text


def test_the_exact_ones_are_accepted_together_after_one_question(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("mappings", "suggest", "--accept-exact", answers=["y"])

    assert shown.exit_code == 0 and mapped(stack) == ALREADY | EXACT
    assert "Accept the 2 exact ones?" in shown.output
    assert "Result: 2 mapped, 0 excluded, 2 still unmapped." in shown.stdout
    item = stack.config.get_item(Key={"pk": "MAPPING", "sk": f"ORG#{BIRCH_ORG}"})["Item"]
    assert (item["organization_name"], item["company_name"]) == ("Birchleaf", "Birchleaf Inc.")
    assert item["updated_by"] == CALLER


def test_without_a_terminal_yes_accepts_the_exact_ones_and_no_other(
    stack: LocalStack, operator: OperatorLine
) -> None:
    assert operator("mappings", "suggest", "--yes").exit_code == 0

    assert mapped(stack) == ALREADY | EXACT


@pytest.mark.parametrize("option", ["--dry-run", "--json"])
def test_what_is_only_to_be_shown_is_not_asked_about(
    stack: LocalStack, operator: OperatorLine, option: str
) -> None:
    shown = operator("mappings", "suggest", "--yes", option, answers=["y"])

    assert shown.exit_code == 0 and mapped(stack) == ALREADY
    if option == "--json":
        offered = {each["id"]: each for each in json.loads(shown.stdout)["organizations"]}
        assert offered[BIRCH_ORG]["bulk"] and not offered[COPPER_ORG]["bulk"]
        assert offered[COPPER_ORG]["suggestions"][0]["company_id"] == COPPER
        assert offered[COPPER_ORG]["suggestions"][0]["grade"] == "likely"


def test_the_others_are_asked_about_one_by_one(stack: LocalStack, operator: OperatorLine) -> None:
    answers = ["y", "1", "x", "", "x", "a test machine"]

    shown = operator("mappings", "suggest", answers=answers)

    assert mapped(stack) == ALREADY | EXACT | {COPPER_ORG: COPPER, NOBODY: "a test machine"}
    assert "1 of 2: Copperfield (id 13), uses 40 edr" in shown.stdout
    assert "Written: organization 'Copperfield' (id 13) → Copperfield Wealth" in words(shown.stdout)
    assert "Result: 3 mapped, 1 excluded, 0 still unmapped." in shown.stdout
    assert words(operator("mappings", "suggest").stdout).startswith("Every organization is mapped")


def test_another_company_is_found_by_a_part_of_its_name(
    stack: LocalStack, operator: OperatorLine
) -> None:
    answers = ["y", "s", "o", "nowhere", "o", "ALDER", "b", "7", "o", "drumlin", "1"]

    shown = operator("mappings", "suggest", answers=answers)

    assert mapped(stack) == ALREADY | EXACT | {NOBODY: DRUMLIN}
    assert "No company has 'nowhere' in its name" in shown.stdout
    assert "The answer is '7'; say one of: o, x, s, q." in shown.output
    assert "1 Alder Finch LLC (301) AlderFinchLLC" in words(shown.stdout)


def test_whoever_stops_keeps_what_was_accepted_and_goes_on_later(
    stack: LocalStack, operator: OperatorLine
) -> None:
    operator("mappings", "suggest", answers=["n", "1", "q"])
    assert mapped(stack) == ALREADY | {COPPER_ORG: COPPER}

    later = operator("mappings", "suggest", answers=["y"])

    assert "3 unmapped, 2 of them with an exact company" in later.stdout
    assert mapped(stack) == ALREADY | EXACT | {COPPER_ORG: COPPER}


def test_ctrl_c_ends_the_command_where_the_end_of_input_only_ends_the_questions(
    stack: LocalStack, operator: OperatorLine
) -> None:
    def ctrl_c() -> None:
        raise KeyboardInterrupt

    shown = operator("mappings", "suggest", meanwhile=ctrl_c)

    assert shown.exit_code == 130 and "`billing-sync mappings suggest` goes on" in shown.stderr
    assert mapped(stack) == ALREADY


def test_who_refuses_the_bulk_is_asked_about_each_of_it(
    stack: LocalStack, operator: OperatorLine
) -> None:
    operator("mappings", "suggest", answers=["n", "s", "1", "s", "s"])

    assert mapped(stack) == ALREADY | {BIRCH_ORG: BIRCH}


def test_what_somebody_else_mapped_meanwhile_stays_theirs_and_the_rest_goes_on(
    stack: LocalStack, operator: OperatorLine
) -> None:
    key = {"pk": "MAPPING", "sk": f"ORG#{COPPER_ORG}"}

    shown = operator(
        "mappings",
        "suggest",
        answers=["y", "1", "x", "a test machine"],
        meanwhile=lambda: stack.config.put_item(Item={**key, "company_id": 777}),
    )

    assert mapped(stack) == ALREADY | EXACT | {COPPER_ORG: 777, NOBODY: "a test machine"}
    assert "somebody changed MAPPING / ORG#13 meanwhile" in words(shown.stdout)
    assert "Result: 2 mapped, 1 excluded, 1 still unmapped." in shown.stdout


def test_a_company_that_is_billed_for_another_already_is_not_accepted_in_bulk(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.change_item("MAPPING", "ORG#1", company_id=BIRCH)

    shown = operator("mappings", "suggest", "--yes")

    assert mapped(stack) == {1: BIRCH, 5: 305, DRUMLIN_ORG: DRUMLIN}
    assert "already billed there: Alder Finch" in words(shown.stdout)


def test_a_company_whose_agreements_ended_is_not_accepted_in_bulk(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.set_settings(agreement_types=["Other"])

    shown = operator("mappings", "suggest", "--yes")

    assert mapped(stack) == ALREADY
    assert "none of its agreements takes a quantity now" in words(shown.stdout)


def test_without_the_list_of_companies_nothing_is_suggested(
    stack: LocalStack, operator: OperatorLine
) -> None:
    fault = Fault(FaultKind.STATUS, path="/finance/agreements", status=403, times=0)
    stack.connectwise.add_fault(fault)

    shown = operator("mappings", "suggest", "--yes")

    assert shown.exit_code == 1 and "the companies cannot be read: " in shown.stderr
    assert mapped(stack) == ALREADY
