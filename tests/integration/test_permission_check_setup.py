"""permission-check on the set-up: organizations, companies, places, and who is told."""

import os

import pytest

from tests.integration.check_lines import line, lines, refused, status
from tests.integration.local_aws import aws_client
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER, ALDER_EDR, TREFOIL, ULLSWATER, VESPER

PLACES, NOTIFICATIONS = "Places", "Notifications"


def agreements_of(stack: LocalStack, company: int) -> list[dict[str, object]]:
    found = stack.connectwise.state.agreements.values()
    return [each for each in found if each["company"]["id"] == company]


def second_addition(stack: LocalStack) -> None:
    additions = stack.connectwise.state.additions
    additions[ALDER_EDR + 90] = {**additions[ALDER_EDR], "id": ALDER_EDR + 90}


def test_an_unmapped_organization_is_named_with_its_counts_and_the_way_out(
    full_stack: LocalStack,
) -> None:
    found = line(full_stack, "Organizations mapped")

    assert found["status"] == "warn"
    assert found["message"].startswith("2 of 53 organizations not mapped")
    assert found["details"][0] == "New Horizons Bakery (id 90): 7 edr, 9 itdr"
    assert found["fix"].endswith("billing-sync mappings suggest")


def test_many_are_told_by_number_and_the_largest_by_name(full_stack: LocalStack) -> None:
    for organization in range(101, 119):
        full_stack.config.delete_item(Key={"pk": "MAPPING", "sk": f"ORG#{organization}"})

    details = line(full_stack, "Organizations mapped")["details"]

    assert len(details) == 6
    assert details[-1].startswith("and ") and details[-1].endswith(" more")


def test_a_mapped_organization_that_left_huntress_is_named(stack: LocalStack) -> None:
    del stack.huntress.state.organizations[101]

    found = line(stack, "Organizations gone")

    assert found["status"] == "warn"
    assert "(id 101), billed to " in found["details"][0]
    assert "billing-sync mappings remove 101" in found["fix"]


def test_an_excluded_organization_may_leave(stack: LocalStack) -> None:
    item = {"pk": "MAPPING", "sk": "ORG#7777", "excluded": True, "reason": "trial"}
    stack.config.put_item(Item=item)

    assert status(stack, "Organizations gone") == "pass"


def test_new_names_are_told_with_the_command_that_updates_them(stack: LocalStack) -> None:
    stack.huntress.state.organizations[101]["name"] = "Alder Group"
    for agreement in agreements_of(stack, ALDER):
        agreement["company"] = {"id": ALDER, "identifier": "A", "name": "Alder Holdings"}

    found = lines(stack)

    for name, now in (("Organizations renamed", "Group"), ("Companies renamed", "Holdings")):
        assert found[name]["status"] == "warn"
        assert f"is now 'Alder {now}'" in found[name]["details"][0]
        assert "billing-sync mappings heal" in found[name]["fix"]


def test_case_and_gaps_are_no_new_name(stack: LocalStack) -> None:
    organization = stack.huntress.state.organizations[101]
    organization["name"] = organization["name"].upper().replace(" ", "  ")

    assert status(stack, "Organizations renamed") == "pass"


def test_two_organizations_of_one_name_that_are_billed_apart_look_like_one_client_twice(
    stack: LocalStack,
) -> None:
    first, second = (stack.huntress.state.organizations[one] for one in (101, 103))
    second["name"] = f" {first['name'].upper()}"

    found = line(stack, "Organizations alike")

    assert found["status"] == "warn"
    assert "(ids 101, 103)" in found["details"][0]
    stack.change_item("MAPPING", "ORG#103", company_id=ALDER)
    assert status(stack, "Organizations alike") == "pass"


def test_a_mapped_company_without_any_agreement_is_named(stack: LocalStack) -> None:
    for agreement in agreements_of(stack, ALDER):
        del stack.connectwise.state.agreements[agreement["id"]]

    found = lines(stack)

    assert found["Companies there"]["status"] == "warn"
    assert found["Companies there"]["details"][0].endswith(f"(id {ALDER})")
    assert "no agreement" in found[PLACES]["message"]


def test_a_company_whose_agreements_ended_is_there_and_has_no_place(stack: LocalStack) -> None:
    for agreement in agreements_of(stack, ALDER):
        agreement |= {"agreementStatus": "Expired", "endDate": "2026-06-30T00:00:00Z"}

    found = lines(stack)

    assert found["Companies there"]["status"] == "pass"
    assert found[PLACES]["status"] == "warn"
    assert "expired on 2026-06-30" in found[PLACES]["details"][0]


def test_two_places_for_one_product_are_told_with_their_ids_and_no_money(
    stack: LocalStack,
) -> None:
    second_addition(stack)

    found = line(stack, PLACES)

    assert found["status"] == "warn"
    assert found["message"] == "1 of 2 companies would be blocked: 1 ambiguous"
    (told,) = found["details"]
    assert f"addition {ALDER_EDR} " in told and f"addition {ALDER_EDR + 90} " in told
    assert "Not billed" not in told


def test_two_places_are_told_of_a_product_that_nobody_uses_too(stack: LocalStack) -> None:
    second_addition(stack)
    stack.huntress.state.organizations[101]["agents_count"] = 0

    assert line(stack, PLACES)["message"].endswith("1 ambiguous")


def test_a_used_product_without_an_addition_is_told_and_an_unused_one_is_not(
    stack: LocalStack,
) -> None:
    for addition in list(stack.connectwise.state.additions.values()):
        if addition["agreementId"] == 3010 and addition["product"]["id"] == 103:
            del stack.connectwise.state.additions[addition["id"]]
    stack.huntress.state.organizations[101]["sat_learner_count"] = 0
    assert status(stack, PLACES) == "pass"
    stack.huntress.state.organizations[101]["sat_learner_count"] = 9

    (told,) = line(stack, PLACES)["details"]

    assert "sat: no addition of HUNTRESS-SAT" in told and "Not billed" not in told


@pytest.mark.companies(VESPER, TREFOIL, ULLSWATER)
def test_pins_splits_and_items_of_ones_own_are_places(stack: LocalStack) -> None:
    assert status(stack, PLACES) == "pass"


@pytest.mark.companies(VESPER)
def test_a_pin_to_an_agreement_that_is_not_there_is_no_place(stack: LocalStack) -> None:
    sk = next(one["sk"] for one in stack.world.mappings if "agreement_id" in one)
    stack.change_item("MAPPING", sk, agreement_id=999)

    assert "the company has no agreement 999" in line(stack, PLACES)["details"][0]


def test_the_reasons_of_many_companies_are_counted_and_some_are_named(
    full_stack: LocalStack,
) -> None:
    found = line(full_stack, PLACES)

    assert found["message"].startswith("7 of 44 companies would be blocked: ")
    assert "1 ambiguous" in found["message"] and "1 agreement expired" in found["message"]
    assert len(found["details"]) == 6 and found["details"][-1] == "and 2 more"


def test_companies_that_could_not_be_read_are_not_passed(stack: LocalStack) -> None:
    stack.connectwise.bundles_status = 404
    agreement = agreements_of(stack, ALDER)[0]["id"]
    stack.connectwise.add_fault(refused(f"agreements/{agreement}/additions"))

    found = line(stack, PLACES)

    assert found["status"] == "could not verify"
    assert found["message"] == "1 of 2 companies could not be read"


def test_a_topic_without_a_subscriber_is_warned_of(stack: LocalStack) -> None:
    for one in aws_client("sns").list_subscriptions()["Subscriptions"]:
        aws_client("sns").unsubscribe(SubscriptionArn=one["SubscriptionArn"])

    found = line(stack, NOTIFICATIONS)

    assert found["status"] == "warn"
    assert "Create subscription" in found["fix"]


def test_a_topic_that_may_not_be_looked_at_could_not_be_verified(stack: LocalStack) -> None:
    aws_client("sns").delete_topic(TopicArn=os.environ["TOPIC_ARN"])

    found = line(stack, NOTIFICATIONS)

    assert found["status"] == "could not verify"
    assert "SNS says NotFound" in found["message"]
