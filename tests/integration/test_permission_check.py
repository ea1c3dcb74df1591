"""permission-check: what would keep a sync from working, and where to mend it; it only reads."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local_stack import LocalStack
from tools.sandbox.vendors.connectwise_security import AGREEMENTS
from tools.sandbox.vendors.faults import Fault, FaultKind


def found(stack: LocalStack, name: str) -> dict[str, Any]:
    """One check's line, with nothing written anywhere."""
    checks = {each["check"]: each for each in stack.check()["checks"]}
    assert stack.untouched() and stack.all_runs() == ()
    return checks[name]


def right(stack: LocalStack, **levels: str) -> None:
    """Change the levels of the member's role on agreements."""
    for row in stack.connectwise.state.security:
        if (row["moduleName"], row["moduleFunctionName"]) == AGREEMENTS:
            row.update(levels)


def own_item_inactive(stack: LocalStack) -> None:
    rules = {"catalog_items": {"edr": 204, "sat": 103}}
    stack.config.put_item(Item={"pk": "MAPPING", "sk": "COMPANY#301", **rules})


def item(number: int) -> dict[str, Any]:
    return {"products": {"edr": {"catalog_item_id": number}}}


def test_everything_right_is_ready(stack: LocalStack) -> None:
    told = stack.check()

    assert told["result"].startswith("READY: ")
    assert {each["status"] for each in told["checks"]} == {"pass"}
    assert told["worse"] == []
    assert stack.untouched()


def huntress_wrong(stack: LocalStack) -> None:
    stack.put_huntress_secret(api_key="wrong")


def invoices_forbidden(stack: LocalStack) -> None:
    stack.huntress.add_fault(Fault(FaultKind.STATUS, path="/v1/invoices", status=403, times=0))


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


def mapping_undecided(stack: LocalStack) -> None:
    stack.change_item("MAPPING", "ORG#101", excluded=True)


CHECKS: dict[str, tuple[Callable[[LocalStack], None], str, str, str]] = {
    "wrong Huntress key": (huntress_wrong, "Huntress credentials", "fail", "Check api_key"),
    "no right to invoices": (invoices_forbidden, "Huntress invoices", "fail", "answered 403"),
    "wrong keys": (connectwise_wrong, "ConnectWise credentials", "fail", "Check login_company"),
    "wrong client id": (client_id_wrong, "ConnectWise credentials", "fail", "Check client_id"),
    "wrong company": (company_wrong, "ConnectWise credentials", "fail", "'nobody'"),
    "Edit My": (
        lambda stack: right(stack, editLevel="My"),
        "ConnectWise Finance > Agreements",
        "fail",
        "Edit My",
    ),
    "Add All": (
        lambda stack: right(stack, addLevel="All"),
        "ConnectWise Finance > Agreements",
        "warn",
        "more than needed",
    ),
    "rights unreadable": (
        lambda stack: stack.connectwise.add_fault(
            Fault(FaultKind.STATUS, path="mySecurity", status=403, times=0)
        ),
        "ConnectWise Finance > Agreements",
        "could not verify",
        "answered 403",
    ),
    "item missing": (lambda s: s.set_settings(**item(999)), "Product edr", "fail", "999"),
    "item inactive": (lambda s: s.set_settings(**item(204)), "Product edr", "fail", "is inactive"),
    "own item inactive": (
        own_item_inactive,
        "MAPPING / COMPANY#301, catalog_items.edr",
        "fail",
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
    "undecided": (mapping_undecided, "Mappings", "fail", "either company_id, or excluded"),
    "empty secret": (secret_empty, "Huntress credentials", "fail", "has no JSON value"),
    "secret no JSON": (secret_no_json, "Huntress credentials", "fail", "has no JSON value"),
    "secret without keys": (
        secret_without_key,
        "ConnectWise credentials",
        "fail",
        "client_id, login_company, private_key, public_key",
    ),
}


@pytest.mark.parametrize(("change", "name", "status", "told"), CHECKS.values(), ids=CHECKS)
def test_what_is_wrong_is_found_and_told(
    stack: LocalStack, change: Callable[[LocalStack], None], name: str, status: str, told: str
) -> None:
    change(stack)

    line = found(stack, name)

    assert line["status"] == status
    assert told in line["message"]


def test_a_missing_right_comes_with_the_click_path(stack: LocalStack) -> None:
    right(stack, editLevel="None")

    line = found(stack, "ConnectWise Finance > Agreements")

    assert line["status"] == "fail"
    assert line["fix"].startswith("In ConnectWise: System > Security Roles")
    assert "Inquire All, Edit All" in line["fix"]


def test_a_stack_just_deployed_is_not_ready_and_says_what_to_do_first(
    bare_stack: LocalStack,
) -> None:
    told = bare_stack.check()

    assert told["result"].startswith("NOT READY")
    messages = " ".join(each["message"] for each in told["checks"])
    assert "Secret huntress has no JSON value. Put in a JSON object" in messages
    assert "no item SETTINGS / CURRENT" in messages


def test_what_got_worse_since_the_last_check_is_named_and_counted(
    stack: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.check()["worse"] == []
    right(stack, editLevel="None")

    worse = stack.check()["worse"]

    assert worse == ["ConnectWise Finance > Agreements"]
    assert "PermissionCheckWorse" in capsys.readouterr().out
    assert stack.check()["worse"] == []
    right(stack, editLevel="All")
    assert stack.check()["worse"] == []
