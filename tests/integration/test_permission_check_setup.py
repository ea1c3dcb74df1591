"""permission-check on the set-up: organizations, companies, places, and notifications."""

import os

import pytest

from tests.integration.check_lines import line, lines, refused, status
from tests.integration.local_aws import aws_client
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER, COPPERFIELD_EDR, TREFOIL, ULLSWATER, VESPER

PLACES, NOTIFICATIONS = "Places", "Notifications"


def agreements_of(stack: LocalStack, company: int) -> list[dict[str, object]]:
    found = stack.connectwise.state.agreements.values()
    return [each for each in found if each["company"]["id"] == company]


def test_what_does_not_fit_the_mappings_is_named_with_the_way_out(stack: LocalStack) -> None:
    organizations = stack.huntress.state.organizations
    alder, copperfield = organizations[101], organizations[103]
    organizations[90] = {**alder, "id": 90, "name": "Bakery", "agents_count": 70}
    organizations[91] = {**alder, "id": 91, "name": " BAKERY"}
    stack.config.put_item(Item={"pk": "MAPPING", "sk": "ORG#91", "company_id": ALDER})
    stack.config.put_item(Item={"pk": "MAPPING", "sk": "ORG#92", "company_id": 999})
    excluded = {"excluded": True, "reason": "trial"}
    stack.config.put_item(Item={"pk": "MAPPING", "sk": "ORG#93", **excluded})
    copperfield["name"] = "Copper Group"
    for agreement in agreements_of(stack, ALDER):
        agreement["company"] = {"id": ALDER, "identifier": "A", "name": "Alder Holdings"}

    found = lines(stack)

    named = {
        "Organizations mapped": ("Bakery (id 90): 70 edr", "mappings suggest"),
        "Organizations gone": ("organization (id 92), billed to 999", "mappings remove 92"),
        "Organizations renamed": ("is now 'Copper Group' (id 103)", "mappings heal"),
        "Organizations alike": ("Bakery (ids 90, 91)", "mappings list"),
        "Companies there": ("company 999 (id 999)", "mappings set"),
        "Companies renamed": ("is now 'Alder Holdings' (id 301)", "mappings heal"),
    }
    assert {name: found[name]["status"] for name in named} == dict.fromkeys(named, "warn")
    assert {name: len(found[name]["details"]) for name in named} == dict.fromkeys(named, 1)
    for name, (detail, command) in named.items():
        assert detail in found[name]["details"][0] and command in found[name]["fix"]


def test_companies_without_one_place_are_named_with_ids_and_without_money(
    stack: LocalStack,
) -> None:
    for agreement in agreements_of(stack, ALDER):
        agreement |= {"agreementStatus": "Expired", "endDate": "2026-06-30T00:00:00Z"}
    additions, second = stack.connectwise.state.additions, COPPERFIELD_EDR + 90
    additions[second] = {**additions[COPPERFIELD_EDR], "id": second}

    found = lines(stack)

    assert found["Companies there"]["status"] == "pass"
    assert found[PLACES]["status"] == "warn"
    assert found[PLACES]["message"].startswith("2 of 2 companies would be blocked: ")
    details = " ".join(found[PLACES]["details"])
    assert "expired on 2026-06-30" in details and "Not billed" not in details
    assert f"addition {COPPERFIELD_EDR} " in details and f"addition {second} " in details


@pytest.mark.companies(VESPER, TREFOIL, ULLSWATER)
def test_pins_splits_and_items_of_ones_own_are_places(stack: LocalStack) -> None:
    assert status(stack, PLACES) == "pass"


def test_companies_that_could_not_be_read_are_not_passed(stack: LocalStack) -> None:
    stack.connectwise.bundles_status = 404
    agreement = agreements_of(stack, ALDER)[0]["id"]
    stack.connectwise.add_fault(refused(f"agreements/{agreement}/additions"))

    found = line(stack, PLACES)

    assert found["status"] == "could not verify"
    assert found["message"] == "1 of 2 companies could not be read"


def test_a_topic_that_may_not_be_looked_at_could_not_be_verified(stack: LocalStack) -> None:
    aws_client("sns").delete_topic(TopicArn=os.environ["TOPIC_ARN"])

    found = line(stack, NOTIFICATIONS)

    assert found["status"] == "could not verify"
    assert "SNS says NotFound" in found["message"]
