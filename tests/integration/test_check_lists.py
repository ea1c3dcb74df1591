"""permission-check's lists: what there is to choose from, for the command line."""

from typing import Any

import pytest

from functions.permission_check import handler as permission_check
from tests.integration.local_stack import LambdaContext, LocalStack
from tests.integration.small_world import ALDER, ALDER_EDR, COPPERFIELD
from tools.sandbox.vendors.connectwise_security import AGREEMENTS
from tools.sandbox.vendors.faults import Fault, FaultKind

COMPANIES = {"list": "companies"}


def asked(event: object) -> dict[str, Any]:
    return dict(permission_check.handler(event, LambdaContext()))


def items(event: object) -> dict[int, dict[str, Any]]:
    return {each["id"]: each for each in asked(event)["items"]}


def test_organizations_come_with_the_counts_of_huntress_own_list(stack: LocalStack) -> None:
    found = items({"list": "organizations"})

    assert set(found) == {101, 103}
    assert found[101] == {
        "id": 101,
        "name": stack.huntress.state.organizations[101]["name"],
        "listed": {
            "edr": stack.huntress.state.organizations[101]["agents_count"],
            "itdr": stack.huntress.state.organizations[101]["billable_identity_count"],
            "sat": stack.huntress.state.organizations[101]["sat_learner_count"],
            "siem": stack.huntress.state.organizations[101]["logs_sources_count"],
        },
    }


def test_a_resellers_organizations_are_those_of_all_accounts(reseller_stack: LocalStack) -> None:
    assert set(items({"list": "organizations"})) == {101, 103}


def test_companies_come_with_their_agreements(stack: LocalStack) -> None:
    found = items(COMPANIES)

    agreement = stack.connectwise.state.agreements[301001 // 1000 * 10]
    assert set(found) == {ALDER, COPPERFIELD}
    alder = found[ALDER]
    assert alder["name"] == agreement["company"]["name"]
    assert alder["identifier"] == agreement["company"]["identifier"]
    assert {
        "id": agreement["id"],
        "name": agreement["name"],
        "type": agreement["type"]["name"],
        "status": "Active",
        "why_not": "",
    } in alder["agreements"]


def test_a_mapped_company_is_there_with_agreements_that_ended_and_says_when(
    stack: LocalStack,
) -> None:
    for agreement in stack.connectwise.state.agreements.values():
        if agreement["company"]["id"] == ALDER:
            agreement |= {"agreementStatus": "Expired", "endDate": "2026-06-30T00:00:00Z"}

    reasons = {each["why_not"] for each in items(COMPANIES)[ALDER]["agreements"]}

    assert reasons == {"expired on 2026-06-30"}


def test_an_agreement_of_a_type_the_settings_do_not_allow_says_so(stack: LocalStack) -> None:
    stack.set_settings(agreement_types=["Other"])

    (reason,) = {each["why_not"] for each in items(COMPANIES)[ALDER]["agreements"]}

    assert reason.endswith("which the settings do not allow")


def test_before_there_are_settings_and_mappings_companies_are_listed(
    bare_stack: LocalStack,
) -> None:
    bare_stack.put_connectwise_secret()

    answer = asked(COMPANIES)

    assert {each["id"] for each in answer["items"]} == {ALDER, COPPERFIELD}
    assert "note" not in answer


def test_with_wrong_mappings_companies_are_listed_and_a_note_says_what_is_missing(
    stack: LocalStack,
) -> None:
    stack.change_item("MAPPING", "ORG#101", company_id="Alder")

    answer = asked(COMPANIES)

    assert {each["id"] for each in answer["items"]} == {ALDER, COPPERFIELD}
    assert "MAPPING / ORG#101: company_id is 'Alder'" in answer["note"]


def test_catalog_items_say_whether_additions_can_be_billed_through_them(stack: LocalStack) -> None:
    found = items({"list": "catalog"})

    assert found[101] == {
        "id": 101,
        "identifier": "HUNTRESS-EDR",
        "description": "Huntress Managed EDR, per agent",
        "price": "3.50",
        "usable": "",
    }
    assert found[203]["usable"].startswith("a bundle")
    assert found[204]["usable"] == "inactive"


def test_the_additions_of_a_company_say_what_each_one_is(stack: LocalStack) -> None:
    dates = {"effectiveDate": "2026-07-01T00:00:00Z", "cancelledDate": "2026-07-29T00:00:00Z"}
    stack.connectwise.edit_addition(ALDER_EDR, **dates)
    listing = {"list": "additions", "company": ALDER}

    found = items(listing)[ALDER_EDR]

    assert (found["products"], found["why_not"]) == (["edr"], "")
    assert ": 24, one-time, from 2026-07-01, until 2026-07-29" in found["description"]
    stack.connectwise.edit_addition(ALDER_EDR, cancelledDate="2026-07-10T00:00:00Z")
    assert items(listing)[ALDER_EDR]["why_not"] == f"addition {ALDER_EDR} ended on 2026-07-10"
    assert "company belongs to the list of additions" in asked({"list": "additions"})["result"]


def test_the_days_of_an_addition_are_those_of_the_settings_time_zone(stack: LocalStack) -> None:
    stack.set_settings(time_zone="Australia/Sydney")
    stack.connectwise.edit_addition(ALDER_EDR, effectiveDate="2026-07-13T14:00:00Z")

    found = items({"list": "additions", "company": ALDER})[ALDER_EDR]

    assert "from 2026-07-14" in found["description"]


def test_an_item_without_a_price_has_none(stack: LocalStack) -> None:
    del stack.connectwise.state.catalog[101]["price"]

    assert items({"list": "catalog"})[101]["price"] == ""


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("huntress-e", {101, 106}),
        ("ENDPOINT", {202}),
        ("nothing like it", set()),
        ('a "quote"', {202}),
        ("[odd]", {201}),
    ],
)
def test_the_catalog_is_searched_in_identifiers_and_descriptions(
    stack: LocalStack, search: str, found: set[int]
) -> None:
    stack.connectwise.state.catalog[201]["description"] = "Service desk [odd]"
    stack.connectwise.state.catalog[202]["description"] = 'Endpoint backup, a "quote"'

    assert set(items({"list": "catalog", "search": search})) == found


def test_a_catalog_that_takes_no_condition_is_searched_here(stack: LocalStack) -> None:
    refused = '{"code":"ApiFindCondition","message":"identifier is not a recognized name."}'
    stack.connectwise.add_fault(
        Fault(FaultKind.STATUS, path="catalog/count", status=400, body=refused)
    )

    assert set(items({"list": "catalog", "search": "huntress-e"})) == {101, 106}


def test_the_whole_of_a_large_catalog_is_read(stack: LocalStack) -> None:
    state = stack.connectwise.state
    state.catalog |= {n: {**state.catalog[202], "id": n} for n in range(1000, 3500)}

    assert len(items({"list": "catalog"})) == 2510


def test_an_answer_that_would_not_fit_is_cut_and_says_so(stack: LocalStack) -> None:
    state = stack.connectwise.state
    long = {**state.catalog[202], "description": "x" * 60_000}
    state.catalog |= {n: {**long, "id": n} for n in range(1000, 1100)}

    answer = asked({"list": "catalog"})

    assert len(answer["items"]) == 93
    assert answer["note"] == "The first 93 of 110: more do not fit into an answer."


def test_a_vendor_that_refuses_is_told_with_the_way_out(stack: LocalStack) -> None:
    for row in stack.connectwise.state.security:
        if (row["moduleName"], row["moduleFunctionName"]) == AGREEMENTS:
            row["inquireLevel"] = "None"

    answer = asked(COMPANIES)

    assert set(answer) == {"result", "schema_version"}
    assert "Finance > Agreements: Inquire Level All" in answer["result"]


@pytest.mark.parametrize(
    "event",
    [
        {"key1": "value1"},
        {"list": "clients"},
        {"list": "catalog", "page": 2},
        {"list": "companies", "search": "alder"},
        {"search": "huntress"},
        None,
        [],
        "catalog",
    ],
    ids=str,
)
def test_anything_else_is_answered_with_the_valid_forms(stack: LocalStack, event: object) -> None:
    answer = asked(event)

    assert answer["result"].startswith("NOTHING WAS DONE: ")
    assert "{}" in answer["valid_events"] and '{"list": "catalog"}' in answer["valid_events"]


def test_lists_neither_write_nor_remember_anything(stack: LocalStack) -> None:
    stack.check()
    key = {"pk": "CHECK#PERMISSIONS", "sk": "LAST"}
    before = stack.ledger.get_item(Key=key)["Item"]
    stack.connectwise.state.catalog[101]["inactiveFlag"] = True

    for name in ("organizations", "companies", "catalog"):
        asked({"list": name})

    assert stack.ledger.get_item(Key=key)["Item"] == before
    assert stack.patches() == [] and stack.all_runs() == ()
