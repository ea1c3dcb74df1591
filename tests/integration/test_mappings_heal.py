"""`billing-sync mappings heal`: problems are found and explained; only names are updated."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.mapping_world import (
    ALDER,
    ALDER_ORG,
    COPPER_ORG,
    ELM_ORG,
    appears,
    deleted,
    mapping_world,
    renamed,
    vanishes,
    words,
)
from tests.integration.operator_line import OperatorLine
from tools.sandbox.world.seed_types import Organization

pytestmark = pytest.mark.world(build=mapping_world)


@pytest.fixture
def before(stack: LocalStack) -> list[dict[str, Any]]:
    return items(stack)


def items(stack: LocalStack) -> list[dict[str, Any]]:
    return list(stack.config.scan()["Items"])


def findings(operator: OperatorLine) -> dict[str, dict[str, str]]:
    shown = operator("mappings", "heal", "--json")
    return {each["title"]: each for each in json.loads(shown.stdout)["findings"]}


def test_a_renamed_organization_keeps_its_mapping_and_gets_its_name_after_a_yes(
    stack: LocalStack, operator: OperatorLine
) -> None:
    was = stack.config.get_item(Key={"pk": "MAPPING", "sk": f"ORG#{ALDER_ORG}"})["Item"]
    stack.huntress.state.organizations[ALDER_ORG]["name"] = "Alder & Sons"
    renamed(stack, ALDER, "Alder Group")

    no = operator("mappings", "heal", answers=["n"])
    assert "organization 1: Alder Finch → Alder & Sons, Alder Finch LLC → Alder Group" in words(
        no.stdout
    )
    assert was in items(stack)

    yes = operator("mappings", "heal", answers=["y"])
    assert (yes.exit_code, "Names updated: 1." in yes.stdout) == (0, True)
    now = stack.config.get_item(Key={"pk": "MAPPING", "sk": f"ORG#{ALDER_ORG}"})["Item"]
    names = {"organization_name": "Alder & Sons", "company_name": "Alder Group"}
    signed = {name: now[name] for name in ("updated_by", "updated_at")}
    assert now == {**was, **names, **signed} and now["updated_by"] != was["updated_by"]
    assert "0 renamed" in operator("mappings", "heal").stdout


def test_case_and_gaps_are_no_new_name_as_in_permission_check(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.huntress.state.organizations[ALDER_ORG]["name"] = "ALDER  Finch"
    renamed(stack, ALDER, "alder finch llc")

    assert "0 renamed" in operator("mappings", "heal").stdout


def test_rules_of_a_renamed_company_stay_to_the_letter(
    stack: LocalStack, operator: OperatorLine
) -> None:
    key = {"pk": "MAPPING", "sk": f"COMPANY#{ALDER}"}
    rules = {"guards": {"money": Decimal("12.50")}, "company_name": "Alder Finch LLC"}
    stack.config.put_item(Item={**key, **rules})
    renamed(stack, ALDER, "Alder Group")

    operator("mappings", "heal", "--yes")

    now = stack.config.get_item(Key=key)["Item"]
    assert now["guards"] == {"money": Decimal("12.5")} and now["company_name"] == "Alder Group"


def test_nothing_is_written_unasked(
    stack: LocalStack, before: list[dict[str, Any]], operator: OperatorLine
) -> None:
    stack.huntress.state.organizations[ALDER_ORG]["name"] = "Alder & Sons"
    vanishes(stack, ELM_ORG)

    assert operator("mappings", "heal", "--dry-run", "--yes").exit_code == 0
    assert operator("mappings", "heal", "--json", "--yes").exit_code == 0
    unanswered = operator("mappings", "heal")

    assert unanswered.exit_code == 2 and "Use --yes" in unanswered.stderr and items(stack) == before


def test_an_organization_that_is_gone_is_reported_with_a_new_one_of_its_name(
    stack: LocalStack, operator: OperatorLine
) -> None:
    vanishes(stack, ALDER_ORG)
    appears(stack, Organization(77, "Alder Finch, Inc.", {"edr": 21}))

    found = findings(operator)["Alder Finch (1)"]

    assert found["told"] == "the organization is gone from Huntress"
    assert "billing-sync mappings remove 1" in found["way_out"]
    assert (
        "Of the same name and unmapped: Alder Finch, Inc. (77), which uses 21 edr"
        in (found["way_out"])
    )


def test_a_merged_company_is_reported_with_the_company_it_may_be_now(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.change_item("MAPPING", f"ORG#{ALDER_ORG}", company_id=888)
    renamed(stack, ALDER, "Alder Finch Group")

    found = findings(operator)["Alder Finch (1)"]

    assert found["told"].startswith("company 888 has no agreement in ConnectWise: it was deleted")
    assert "It may be Alder Finch Group (301): " in found["way_out"]


def test_a_deleted_company_and_one_whose_agreements_ended_are_reported(
    stack: LocalStack, operator: OperatorLine
) -> None:
    deleted(stack, ALDER)

    found = findings(operator)

    assert "company 301 has no agreement" in found["Alder Finch (1)"]["told"]
    assert "expired on 2026-06-14" in found["Elm (5)"]["told"]


def test_organizations_of_one_name_are_reported_with_their_usage_and_companies(
    stack: LocalStack, operator: OperatorLine
) -> None:
    appears(stack, Organization(78, "Alder-Finch", {"edr": 3}))
    appears(stack, Organization(79, "COPPERFIELD", {}))

    found = findings(operator)

    both = found["2 organizations are called Alder Finch"]
    assert both["told"] == (
        "Alder Finch (1) uses 20 edr, billed to Alder Finch LLC (301);"
        " Alder-Finch (78) uses 3 edr, unmapped"
    )
    assert "an installer had the wrong organization key" in both["way_out"]
    idle = found["2 organizations are called Copperfield"]
    assert idle["way_out"].startswith("COPPERFIELD (79) uses nothing. If it is left over")


def test_rules_and_exclusions_without_effect_are_reported(
    stack: LocalStack, operator: OperatorLine
) -> None:
    operator("mappings", "exclude", str(COPPER_ORG), "--reason", "trial", "--yes")
    operator("mappings", "not-billed", "302", "sat", "--reason", "flat", "--yes")
    vanishes(stack, COPPER_ORG)

    found = findings(operator)

    assert "is excluded, and the organization is gone" in found["Copperfield (13)"]["told"]
    rules = found["company 'Birchleaf Inc.' (id 302)"]
    assert rules["told"].startswith("has rules, and no organization is mapped to it")


def test_where_everything_is_right_there_is_nothing_to_look_at(
    stack: LocalStack, operator: OperatorLine
) -> None:
    operator("mappings", "remove", str(ELM_ORG), "--yes")

    shown = operator("mappings", "heal")

    assert (shown.exit_code, shown.stdout) == (0, "0 to look at, 0 renamed\n")
