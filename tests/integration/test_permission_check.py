"""permission-check: what would keep a sync from working, and where to mend it; it only reads."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.check_lines import RIGHT, line, lines, refused, right
from tests.integration.local_stack import LocalStack


def own_item_inactive(stack: LocalStack) -> None:
    rules = {"catalog_items": {"edr": 204, "sat": 103}}
    stack.config.put_item(Item={"pk": "MAPPING", "sk": "COMPANY#301", **rules})


def item(number: int) -> dict[str, Any]:
    return {"products": {"edr": {"catalog_item_id": number}}}


def test_everything_right_is_ready(stack: LocalStack) -> None:
    answer = stack.check()

    assert answer["result"].startswith("READY: ")
    assert {each["status"] for each in answer["checks"]} == {"pass"}
    assert answer["worse"] == []
    assert stack.untouched()


def huntress_wrong(stack: LocalStack) -> None:
    stack.put_huntress_secret(api_key="wrong")


def invoices_forbidden(stack: LocalStack) -> None:
    stack.huntress.add_fault(refused("/v1/invoices"))


def connectwise_wrong(stack: LocalStack) -> None:
    stack.put_connectwise_secret(private_key="wrong")


def client_id_wrong(stack: LocalStack) -> None:
    stack.put_connectwise_secret(client_id="wrong")


def company_wrong(stack: LocalStack) -> None:
    stack.put_connectwise_secret(login_company="nobody")


def secret_empty(stack: LocalStack) -> None:
    stack.put_secret("huntress", " ")


def secret_no_json(stack: LocalStack) -> None:
    stack.put_secret("huntress", "hk_demo:hs_demo")


def secret_without_key(stack: LocalStack) -> None:
    stack.put_secret("connectwise", {"site": "na.myconnectwise.net"})


def mapping_wrong(stack: LocalStack) -> None:
    stack.change_item("MAPPING", "ORG#101", company_id="Alder")


CHECKS: dict[str, tuple[Callable[[LocalStack], None], str, str, str]] = {
    "wrong Huntress key": (huntress_wrong, "Huntress credentials", "fail", "Check api_key"),
    "no right to invoices": (invoices_forbidden, "Huntress invoices", "fail", "give it Admin"),
    "wrong keys": (connectwise_wrong, "ConnectWise credentials", "fail", "Check login_company"),
    "wrong client id": (client_id_wrong, "ConnectWise credentials", "fail", "Check client_id"),
    "wrong company": (company_wrong, "ConnectWise site and company", "fail", "'nobody'"),
    "item missing": (lambda s: s.set_settings(**item(999)), "Product edr", "fail", "999"),
    "item inactive": (lambda s: s.set_settings(**item(204)), "Product edr", "warn", "is inactive"),
    "own item inactive": (
        own_item_inactive,
        "MAPPING / COMPANY#301, catalog_items.edr",
        "warn",
        "is inactive",
    ),
    "item a bundle": (lambda s: s.set_settings(**item(203)), "Product edr", "fail", "is a bundle"),
    "settings": (
        lambda stack: stack.set_settings(release_valid_days=90),
        "Settings",
        "fail",
        "SETTINGS / CURRENT: release_valid_days is 90",
    ),
    "mappings": (mapping_wrong, "Mappings", "fail", "MAPPING / ORG#101: company_id is 'Alder'"),
    "empty secret": (secret_empty, "Huntress credentials", "fail", "has no JSON value"),
    "secret no JSON": (secret_no_json, "Huntress credentials", "fail", "has no JSON value"),
    "secret without keys": (
        secret_without_key,
        "ConnectWise site and company",
        "fail",
        "client_id, login_company, private_key, public_key",
    ),
}


@pytest.mark.parametrize(("change", "name", "status", "expected"), CHECKS.values(), ids=CHECKS)
def test_what_is_wrong_is_found_and_told(
    stack: LocalStack, change: Callable[[LocalStack], None], name: str, status: str, expected: str
) -> None:
    change(stack)

    found = line(stack, name)

    assert found["status"] == status
    assert expected in found["message"]


def test_a_missing_right_comes_with_the_click_path(stack: LocalStack) -> None:
    right(stack, editLevel="None")

    found = line(stack, RIGHT)

    assert found["status"] == "fail"
    assert found["fix"].startswith("In ConnectWise: System > Security Roles")
    assert "Inquire All, Edit All, Add None, Delete None" in found["fix"]


def test_a_stack_just_deployed_is_not_ready_and_says_what_to_do_first(
    bare_stack: LocalStack,
) -> None:
    answer = bare_stack.check()

    assert answer["result"].startswith("NOT READY")
    messages = " ".join(each["message"] for each in answer["checks"])
    assert "Secret huntress has no JSON value. Put in a JSON object" in messages
    assert "no item SETTINGS / CURRENT" in messages


NEEDED: dict[str, tuple[Callable[[LocalStack], None], dict[str, str]]] = {
    "Huntress": (
        huntress_wrong,
        {
            "Huntress invoices": "needs 'Huntress credentials'",
            "Organizations mapped": "needs 'Huntress credentials'",
            "Places": "needs 'Huntress credentials'",
        },
    ),
    "ConnectWise": (
        connectwise_wrong,
        {
            RIGHT: "needs 'ConnectWise credentials'",
            "ConnectWise bundles": "needs 'ConnectWise credentials'",
            "Product edr": "needs 'ConnectWise credentials'",
            "Companies there": "needs 'Places'",
        },
    ),
    "mappings": (mapping_wrong, {"Organizations gone": "needs 'Mappings'"}),
}


@pytest.mark.parametrize(("change", "expected"), NEEDED.values(), ids=NEEDED)
def test_a_check_whose_precondition_failed_could_not_be_verified_and_says_which(
    stack: LocalStack, change: Callable[[LocalStack], None], expected: dict[str, str]
) -> None:
    change(stack)

    found = lines(stack)

    assert {name: found[name]["message"] for name in expected} == expected
    assert {found[name]["status"] for name in expected} == {"could not verify"}


def test_a_failing_check_keeps_no_other_from_running(stack: LocalStack) -> None:
    everything = set(lines(stack))
    huntress_wrong(stack)
    stack.connectwise.add_fault(refused("."))

    assert set(lines(stack)) == everything


def test_a_vendor_that_is_down_is_neither_good_nor_bad(stack: LocalStack) -> None:
    stack.huntress.add_fault(refused("/v1/actor", 503))

    answer = stack.check(seconds=15)  # too little to try again

    found = answer["checks"][0]
    assert (found["check"], found["status"]) == ("Huntress credentials", "could not verify")
    assert found["fix"].startswith("Run the check again")
    assert answer["result"].startswith("NOT READY")


def test_the_check_of_many_companies_takes_few_calls(full_stack: LocalStack) -> None:
    before = len(full_stack.connectwise.requests)

    full_stack.check()

    agreements = len(full_stack.connectwise.state.agreements)
    assert len(full_stack.connectwise.requests) - before < agreements / 2 + 25
