"""permission-check on ConnectWise: where, who, which rights, and what may be hidden."""

from collections.abc import Callable

import pytest

from tests.integration.check_lines import RIGHT, line, lines, refused, right, status, words
from tests.integration.local_stack import LocalStack

SITE, CREDENTIALS = "ConnectWise site and company", "ConnectWise credentials"
RESTRICTIONS = "ConnectWise restrictions"
Change = Callable[[LocalStack], object]


def another_host(stack: LocalStack) -> None:
    stack.put_connectwise_secret(site=stack.huntress.url)


def keys_wrong_on_the_cloud(stack: LocalStack) -> None:
    stack.connectwise.codebase = "v4_6_release/"
    stack.connectwise.wrong_credentials_as_404 = True
    stack.put_connectwise_secret(private_key="wrong")


def test_the_site_is_told_with_its_version(stack: LocalStack) -> None:
    assert line(stack, SITE)["message"] == "Lantern Managed Services, ConnectWise v4.6.104532"


def test_a_host_that_is_no_connectwise_is_told_apart_from_wrong_keys(stack: LocalStack) -> None:
    another_host(stack)

    found = lines(stack)

    assert found[SITE]["status"] == "fail"
    assert "does not know GET /login/companyinfo" in found[SITE]["message"]
    assert "host of your login page" in found[SITE]["fix"]


def test_a_host_that_cannot_be_reached_could_not_be_verified(stack: LocalStack) -> None:
    stack.put_connectwise_secret(site="http://127.0.0.1:9")

    found = {each["check"]: each for each in stack.check(seconds=15)["checks"]}[SITE]

    assert found["status"] == "could not verify"
    assert found["fix"].startswith("Wrong host?")


def test_an_unknown_login_company_is_told_apart_from_wrong_keys(stack: LocalStack) -> None:
    stack.put_connectwise_secret(login_company="nobody")

    found = lines(stack)

    assert found[SITE]["status"] == "fail" and "'nobody'" in found[SITE]["message"]
    assert found[CREDENTIALS]["message"] == f"needs '{SITE}'"


def test_a_site_that_works_without_telling_where_its_api_lives_is_warned_of(
    stack: LocalStack,
) -> None:
    stack.connectwise.add_fault(refused("companyinfo", 404))

    found = lines(stack)

    assert (found[SITE]["status"], found[CREDENTIALS]["status"]) == ("warn", "pass")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda stack: stack.put_connectwise_secret(private_key="x"), "Check login_company"),
        (lambda stack: stack.put_connectwise_secret(client_id="wrong"), "Check client_id"),
        (keys_wrong_on_the_cloud, "the company or the keys are wrong"),
    ],
    ids=["keys", "client id", "keys on the cloud"],
)
def test_credentials_are_told_apart_from_the_site(
    stack: LocalStack, change: Change, expected: str
) -> None:
    change(stack)

    found = lines(stack)

    assert (found[SITE]["status"], found[CREDENTIALS]["status"]) == ("pass", "fail")
    assert expected in found[CREDENTIALS]["message"]


def test_a_role_that_cannot_be_read_is_not_judged(stack: LocalStack) -> None:
    stack.connectwise.add_fault(refused("mySecurity"))

    found = line(stack, RIGHT)

    assert found["status"] == "could not verify" and "answered 403" in found["message"]
    assert "Finance > Agreements: Inquire All, Edit All" in found["fix"]


def test_everything_that_may_hide_agreements_is_warned_of(stack: LocalStack) -> None:
    state = stack.connectwise.state
    right(stack, customFlag=True)
    item = {"id": 1, "customizeIdentifier": "FinanceAgreements"}
    state.customize_items.append({**item, "itemIdentifier": "Managed Security"})
    state.own_member |= {
        "restrictLocationFlag": True,
        "restrictDepartmentFlag": True,
        "structureLevel": {"id": 2, "name": "East"},
    }

    found = line(stack, RESTRICTIONS)

    assert found["status"] == "warn"
    assert found["message"] == (
        "the role's Finance > Agreements is customized; the role is customized to Managed Security;"
        " the member is restricted to its location; the member is restricted to its department;"
        " the member's level is East, not Corporate: agreements may be hidden"
    )


def test_restrictions_that_cannot_be_read_are_not_passed(stack: LocalStack) -> None:
    for path in ("myMembers$", "customizeItems", "mySecurity$"):
        stack.connectwise.add_fault(refused(path))

    assert status(stack, RESTRICTIONS) == "could not verify"


def test_agreements_without_the_right_fail_with_the_click_path(stack: LocalStack) -> None:
    right(stack, inquireLevel="None")

    found = lines(stack)

    assert found["ConnectWise agreements"]["status"] == "fail"
    assert "Inquire All" in found["ConnectWise agreements"]["fix"]
    assert found["Places"]["status"] == "could not verify"


def test_a_role_that_shows_no_agreement_at_all_is_warned_of(stack: LocalStack) -> None:
    right(stack, inquireLevel="My")
    stack.connectwise.state.my_agreement_ids.clear()

    found = lines(stack)

    assert found["ConnectWise agreements"]["status"] == "warn"
    assert found["ConnectWise additions"]["status"] == "could not verify"


def test_additions_that_are_refused_name_the_further_right(stack: LocalStack) -> None:
    stack.connectwise.add_fault(refused("/additions"))

    found = line(stack, "ConnectWise additions")

    assert found["status"] == "fail"
    assert "Procurement > Products: Inquire Level All" in found["message"]


def test_a_catalog_without_the_right_fails_with_the_click_path(stack: LocalStack) -> None:
    stack.connectwise.add_fault(refused("/procurement/catalog"))

    found = line(stack, "ConnectWise catalog")

    assert found["status"] == "fail"
    assert "Procurement > Product Catalog: Inquire All" in found["fix"]


def test_without_bundles_everything_is_read_and_it_is_slower(stack: LocalStack) -> None:
    stack.connectwise.bundles_status = 404

    found = lines(stack)

    assert found["ConnectWise bundles"]["status"] == "warn"
    assert "slower, not wrong" in words(found["ConnectWise bundles"])
    assert found["Places"]["status"] == "pass"
