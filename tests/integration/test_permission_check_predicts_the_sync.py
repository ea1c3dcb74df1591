"""permission-check passes only where a sync would work: it reads what a sync reads."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine

from billing_sync.domain.checks.additions import WRITABLE
from tests.integration.check_lines import RIGHT, line, lines, refused, right, status, words
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import (
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD_EDR,
    COPPERFIELD_ORGANIZATION,
)

PLACES, USAGE, RESTRICTIONS = "Places", "Huntress usage", "ConnectWise restrictions"
BUNDLES, ADDITIONS = "ConnectWise bundles", "ConnectWise additions"
Change = Callable[[LocalStack], object]


def result(stack: LocalStack) -> str:
    return str(stack.check()["result"])


# --- what a sync reads ------------------------------------------------------------------------


def test_details_of_organizations_that_the_key_may_not_read_fail(stack: LocalStack) -> None:
    stack.huntress.add_fault(refused(r"/v1/organizations/\d+"))

    found = line(stack, USAGE)

    assert found["status"] == "fail"
    assert "Admin" in found["fix"]


def test_one_organization_that_the_key_may_not_read_is_named_and_no_failure(
    stack: LocalStack,
) -> None:
    stack.huntress.add_fault(refused(f"/v1/organizations/{COPPERFIELD_ORGANIZATION}$"))

    found = line(stack, USAGE)

    assert found["status"] == "warn"
    assert "Copperfield" in words(found)


def test_details_without_usage_of_what_the_list_counts_fail(stack: LocalStack) -> None:
    stack.huntress.state.actual_usages.clear()

    assert status(stack, USAGE) == "fail"


def test_usage_lines_that_a_reseller_may_not_read_fail(reseller_stack: LocalStack) -> None:
    reseller_stack.huntress.add_fault(refused("organization_usage_line_items"))

    found = line(reseller_stack, USAGE)

    assert found["status"] == "fail" and "reseller credentials" in found["message"]


def test_usage_lines_are_tried_on_an_invoice_that_bills_usage(reseller_stack: LocalStack) -> None:
    invoices = reseller_stack.huntress.state.invoices
    draft = {**invoices[5002], "id": 5003, "status": "draft", "created_at": "2026-07-14T00:00:00Z"}
    invoices[5003] = draft
    del reseller_stack.huntress.state.organization_lines[5003]

    found = line(reseller_stack, USAGE)

    assert (found["status"], "invoice 5002" in found["message"]) == ("pass", True)


def test_a_reseller_whose_user_may_not_read_is_not_told_to_be_a_reseller(
    reseller_stack: LocalStack,
) -> None:
    for path in ("organization_usage_line_items", r"/accounts/\d+/organizations"):
        reseller_stack.huntress.add_fault(refused(path))

    found = lines(reseller_stack)

    for name in (USAGE, "Huntress organizations"):
        assert found[name]["status"] == "fail"
        assert "Admin" in found[name]["message"] and "Admin" in found[name]["fix"]


# --- nothing that could be written ------------------------------------------------------------


def all_expired(stack: LocalStack) -> None:
    for agreement in stack.connectwise.state.agreements.values():
        agreement |= {"agreementStatus": "Expired", "endDate": "2026-06-30T00:00:00Z"}


def all_future(stack: LocalStack) -> None:
    for agreement in stack.connectwise.state.agreements.values():
        agreement |= {"billStartDate": "2027-01-01T00:00:00Z"}


def all_twice(stack: LocalStack) -> None:
    additions = stack.connectwise.state.additions
    for number, addition in list(additions.items()):
        additions[number + 900_000] = {**addition, "id": number + 900_000}


def all_hidden(stack: LocalStack) -> None:
    item = {"id": 1, "customizeIdentifier": "FinanceAgreements", "itemIdentifier": "Others"}
    stack.connectwise.state.customize_items.append(item)


def no_mapping(stack: LocalStack) -> None:
    for number in (ALDER_ORGANIZATION, COPPERFIELD_ORGANIZATION):
        stack.config.delete_item(Key={"pk": "MAPPING", "sk": f"ORG#{number}"})


def another_account(stack: LocalStack) -> None:
    organizations = stack.huntress.state.organizations
    for number in list(organizations):
        organizations[number + 5000] = {**organizations.pop(number), "id": number + 5000}


NOTHING: dict[str, Change] = {
    "expired": all_expired,
    "future": all_future,
    "ambiguous": all_twice,
    "without addition": lambda stack: stack.connectwise.state.additions.clear(),
    "without agreement": lambda stack: (
        stack.connectwise.state.additions.clear(),
        stack.connectwise.state.agreements.clear(),
    ),
    "allow-list": all_hidden,
    "agreement types": lambda stack: stack.set_settings(agreement_types=["Block Time"]),
    "no mapping": no_mapping,
    "no organization": lambda stack: stack.huntress.state.organizations.clear(),
    "organizations of another account": another_account,
}


@pytest.mark.parametrize("change", NOTHING.values(), ids=NOTHING)
def test_where_no_quantity_could_be_written_it_is_not_ready(
    stack: LocalStack, change: Change
) -> None:
    change(stack)

    found = line(stack, PLACES)

    assert (found["status"], result(stack)[:9]) == ("fail", "NOT READY")
    assert "no quantity could be written" in found["message"]


def test_organizations_that_vanished_count_as_the_planner_counts_them(stack: LocalStack) -> None:
    del stack.huntress.state.organizations[COPPERFIELD_ORGANIZATION]
    del stack.connectwise.state.additions[COPPERFIELD_EDR]  # which we wrote before

    found = line(stack, PLACES)

    assert found["status"] == "warn"
    assert "1 of 2 companies would be blocked: 4 unknown usage" in found["message"]


# --- what ConnectWise does not say ------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["structureLevel", "restrictLocationFlag", "restrictDepartmentFlag"]
)
@pytest.mark.parametrize("value", ["missing", None])
def test_a_restriction_that_is_not_given_could_not_be_verified(
    stack: LocalStack, name: str, value: object
) -> None:
    member = stack.connectwise.state.own_member
    if value == "missing":
        del member[name]
    else:
        member[name] = value

    assert status(stack, RESTRICTIONS) == "could not verify"


@pytest.mark.parametrize("reply", [[{}, {}], [], "Ann"], ids=["two", "none", "a name"])
def test_an_own_member_of_another_shape_hides_no_level_and_can_be_confirmed(
    stack: LocalStack, reply: object
) -> None:
    stack.connectwise.add_fault(replace(refused("myMembers$", 200), body=json.dumps(reply)))

    found = lines(stack)

    assert (found[RIGHT]["status"], found[RESTRICTIONS]["status"]) == ("pass", "could not verify")
    assert "confirm-connectwise-role" in found[RESTRICTIONS]["fix"]


def test_an_administrator_without_levels_could_not_be_verified(stack: LocalStack) -> None:
    stack.connectwise.state.security.clear()
    stack.connectwise.state.own_member["adminFlag"] = True

    assert status(stack, RIGHT) == "could not verify"


def test_rights_and_allow_lists_beyond_the_first_page_are_read(stack: LocalStack) -> None:
    state = stack.connectwise.state
    rows = [
        {**state.security[0], "id": 10_000 + n, "moduleFunctionName": f"Other {n}"}
        | {"moduleFunctionDescription": f"Other {n}", "moduleFunctionIdentifier": f"O{n}"}
        for n in range(1000)
    ]
    state.security[:0] = rows
    other = {"customizeIdentifier": "SystemTableSetup", "itemIdentifier": "x"}
    ours = {"customizeIdentifier": "FinanceAgreements", "itemIdentifier": "Managed Services"}
    state.customize_items += [{**other, "id": n} for n in range(1000)] + [{**ours, "id": 2000}]

    found = lines(stack)

    assert found[RIGHT]["status"] == "pass"
    assert "customized to Managed Services" in found[RESTRICTIONS]["message"]


@pytest.mark.parametrize(
    "row",
    [
        {"moduleName": "Time", "moduleFunctionName": "Entry", "editLevel": 7, "customFlag": "?"},
        {"moduleName": ["Time"], "moduleFunctionName": {"name": "Entry"}},
        "nothing",
        {"moduleName": "Finance", "moduleFunctionName": "Agreements", "reportFlag": True},
    ],
    ids=["levels", "labels", "no row", "report"],
)
def test_an_unusable_or_report_row_of_the_role_spoils_no_other(
    stack: LocalStack, row: object
) -> None:
    rows = [row, *stack.connectwise.state.security]
    answered = replace(refused("mySecurity$", 200), body=json.dumps(rows))
    stack.connectwise.add_fault(answered)

    found = lines(stack)

    assert found[RIGHT]["status"] == "pass"
    assert found[RESTRICTIONS]["status"] == "pass"


# --- what a sync does not need ----------------------------------------------------------------


def test_an_inactive_catalog_item_whose_additions_work_is_warned_of(stack: LocalStack) -> None:
    stack.connectwise.state.catalog[101]["inactiveFlag"] = True

    found = lines(stack)

    assert (found["Product edr"]["status"], found[PLACES]["status"]) == ("warn", "pass")


def test_additions_are_tried_on_an_agreement_of_a_mapped_company(full_stack: LocalStack) -> None:
    for number in (ALDER_ORGANIZATION, COPPERFIELD_ORGANIZATION):
        assert number in full_stack.huntress.state.organizations
    unmapped = min(full_stack.connectwise.state.agreements)
    company = full_stack.connectwise.state.agreements[unmapped]["company"]["id"]
    for item in full_stack.config.scan()["Items"]:
        if item["pk"] == "MAPPING" and item.get("company_id") == company:
            full_stack.config.delete_item(Key={"pk": "MAPPING", "sk": item["sk"]})
    full_stack.connectwise.add_fault(refused(f"/agreements/{unmapped}/additions"))

    assert status(full_stack, ADDITIONS) == "pass"


def test_an_administrator_whose_lines_say_none_could_not_be_verified(stack: LocalStack) -> None:
    stack.connectwise.state.own_member["adminFlag"] = True
    rows = [{**row, "editLevel": "None"} for row in stack.connectwise.state.security]
    answered = replace(refused("mySecurity$", 200), body=json.dumps(rows))
    stack.connectwise.add_fault(answered)

    assert status(stack, RIGHT) == "could not verify"


def test_bundles_are_claimed_for_as_many_agreements_as_were_tried(stack: LocalStack) -> None:
    agreements = len(stack.connectwise.state.agreements)

    assert (
        line(stack, BUNDLES)["message"] == f"work: tried with {agreements} agreements in one call"
    )


def test_keys_that_expire_before_the_bundles_are_no_bundles_that_do_not_work(
    stack: LocalStack,
) -> None:
    stack.connectwise.add_fault(refused("/system/bundles", 401))

    found = line(stack, BUNDLES)

    assert found["status"] == "fail"
    assert "private_key" in words(found) and "not wrong" not in words(found)


def test_a_company_blocked_by_listed_agents_alone_is_not_claimed_to_be_blocked(
    stack: LocalStack,
) -> None:
    del stack.connectwise.state.additions[ALDER_EDR]

    found = line(stack, PLACES)

    assert found["status"] == "warn"
    assert "Huntress's list counts agents that are not billed" in words(found)


# --- the way out ------------------------------------------------------------------------------


@pytest.mark.parametrize("status_code", [400, 401, 403])
@pytest.mark.parametrize(
    "body",
    [
        {"code": "Unauthorized", "message": "The clientId is not registered."},
        {"code": "InvalidClientId", "message": "Access denied."},
    ],
    ids=["message", "code"],
)
def test_a_refused_client_id_is_named(
    stack: LocalStack, status_code: int, body: dict[str, str]
) -> None:
    fault = replace(refused("/system/", status_code), body=json.dumps(body))
    stack.connectwise.add_fault(fault)

    found = line(stack, "ConnectWise credentials")

    assert found["status"] == "fail"
    assert "Check client_id" in found["message"]
    assert "login_company" not in words(found)


@pytest.mark.parametrize("path", ["/v1/invoices", "/v1/organizations", r"/v1/organizations/\d+"])
def test_a_finance_user_is_sent_to_the_admin_permission(stack: LocalStack, path: str) -> None:
    stack.huntress.add_fault(refused(path))

    failed = [each for each in lines(stack).values() if each["status"] == "fail"]

    assert failed
    for each in failed:
        if "permission" in words(each):
            assert "Admin or Finance" not in words(each) and "Admin" in words(each)


def test_keys_that_expire_during_the_check_are_not_a_missing_right(stack: LocalStack) -> None:
    for path in ("/finance/", "/procurement/", "mySecurity"):
        stack.connectwise.add_fault(refused(path, 401))

    found = lines(stack)

    for name in (RIGHT, "ConnectWise agreements", "ConnectWise catalog"):
        assert "Security Roles" not in found[name]["fix"]
        assert "private_key" in words(found[name])


# --- a person confirms the role ---------------------------------------------------------------


def test_a_role_that_cannot_be_read_passes_once_a_person_confirmed_it(stack: LocalStack) -> None:
    for path in ("mySecurity", "myMembers$"):
        stack.connectwise.add_fault(refused(path))
    assert result(stack).startswith("NOT READY")
    assert "confirm-connectwise-role" in line(stack, RIGHT)["fix"]
    stack.set_settings(connectwise_role_confirmed="Ann on 2026-07-01")

    found = lines(stack)

    assert result(stack).startswith("READY")
    assert found[RIGHT]["status"] == "pass"
    assert "confirmed by Ann on 2026-07-01" in found[RIGHT]["message"]
    assert "confirmed by Ann on 2026-07-01" in found[RESTRICTIONS]["message"]


def test_a_confirmed_role_is_not_believed_against_what_connectwise_says(
    stack: LocalStack,
) -> None:
    stack.set_settings(connectwise_role_confirmed="Ann on 2026-07-01")
    right(stack, editLevel="None")

    assert status(stack, RIGHT) == "fail"


def test_a_refusal_in_front_of_connectwise_is_not_a_role_that_a_person_confirms(
    stack: LocalStack,
) -> None:
    stack.set_settings(connectwise_role_confirmed="Ann on 2026-07-01")
    page = replace(refused("mySecurity"), body="<html>No</html>", content_type="text/html")
    stack.connectwise.add_fault(page)

    found = lines(stack)

    for name in (RIGHT, RESTRICTIONS):
        assert found[name]["status"] == "fail"
        assert "in front of ConnectWise" in found[name]["message"]
        assert "Security Roles" not in words(found[name])


# --- READY, and what a sync then does -----------------------------------------------------------


def child_of_another_type(stack: LocalStack) -> None:
    """The additions are on child agreements of a type that the settings do not allow."""
    agreements = stack.connectwise.state.agreements
    for number, agreement in list(agreements.items()):
        child = {**agreement, "id": number + 50_000, "parentAgreement": {"id": number}}
        agreements[number + 50_000] = {**child, "type": {"id": 77, "name": "Child"}}
    for addition in stack.connectwise.state.additions.values():
        addition["agreementId"] += 50_000
    stack.set_settings(agreement_types=["Managed Services", "Managed Security"])


def only_my_own(stack: LocalStack) -> None:
    right(stack, inquireLevel="My")
    stack.connectwise.state.my_agreement_ids.clear()


def one_expired(stack: LocalStack) -> None:
    first = min(stack.connectwise.state.agreements)
    company = stack.connectwise.state.agreements[first]["company"]["id"]
    for agreement in stack.connectwise.state.agreements.values():
        if agreement["company"]["id"] == company:
            agreement["agreementStatus"] = "Expired"


def pinned_to_nothing(stack: LocalStack) -> None:
    for number in (ALDER_ORGANIZATION, COPPERFIELD_ORGANIZATION):
        stack.change_item("MAPPING", f"ORG#{number}", agreement_id=999)


def fault(path: str, status_code: int = 403) -> Change:
    return lambda stack: stack.connectwise.add_fault(refused(path, status_code))


def huntress_fault(path: str, status_code: int = 403) -> Change:
    return lambda stack: stack.huntress.add_fault(refused(path, status_code))


SITUATIONS: dict[str, Change] = {
    **NOTHING,
    "as it is": lambda _: None,
    "one company expired": one_expired,
    "children of another type": child_of_another_type,
    "only my own agreements": only_my_own,
    "pinned to nothing": pinned_to_nothing,
    "Edit None": lambda stack: right(stack, editLevel="None"),
    "Inquire None": lambda stack: right(stack, inquireLevel="None"),
    "no bundles": lambda stack: setattr(stack.connectwise, "bundles_status", 404),
    "bundles forbidden": lambda stack: setattr(stack.connectwise, "bundles_status", 403),
    "an inactive item": lambda stack: stack.connectwise.state.catalog[101].update(
        inactiveFlag=True
    ),
    "an item that is gone": lambda stack: stack.connectwise.state.catalog.pop(101),
    "another item": lambda stack: stack.set_settings(products={"edr": {"catalog_item_id": 202}}),
    "keys": lambda stack: stack.put_connectwise_secret(private_key="wrong"),
    "client id": lambda stack: stack.put_connectwise_secret(client_id="wrong"),
    "company": lambda stack: stack.put_connectwise_secret(login_company="nobody"),
    "agreements": fault("/finance/agreements$"),
    "counts of agreements": fault("/finance/agreements/count"),
    "additions": fault("/additions"),
    "additions and bundles": lambda stack: (
        setattr(stack.connectwise, "bundles_status", 403),
        stack.connectwise.add_fault(refused("/additions")),
    ),
    "catalog": fault("/procurement/catalog"),
    "Huntress's keys": lambda stack: stack.put_huntress_secret(api_key="wrong"),
    "invoices": huntress_fault("/v1/invoices"),
    "organizations": huntress_fault("/v1/organizations$"),
    "details": huntress_fault(r"/v1/organizations/\d+"),
    "one detail": huntress_fault(f"/v1/organizations/{COPPERFIELD_ORGANIZATION}$"),
    "details without usage": lambda stack: stack.huntress.state.actual_usages.clear(),
    "sync off": lambda stack: stack.set_settings(sync_enabled=False),
}


# Planned all the same: these refuse the write itself, or new keys that a container has not read.
NOT_SEEN_BY_A_PLAN = {"Edit None", "additions", "Huntress's keys"}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_it_is_ready_exactly_where_a_sync_has_something_to_write(
    stack: LocalStack, clock: time_machine.Traveller, situation: str
) -> None:
    SITUATIONS[situation](stack)
    ready = result(stack).startswith("READY")
    stack.set_settings(sync_enabled=True)

    stack.sync()
    for _ in range(4):  # an organization that cannot be read is unknown after three reads
        clock.shift(700)
        stack.tick()
        stack.settle()

    rows = [state.row for run in stack.all_runs() for state in stack.runs.rows(run)]
    writable = any(row.outcome in WRITABLE for row in rows)
    assert ready is (writable and situation not in NOT_SEEN_BY_A_PLAN)
