"""Whether the API member's role grants a right, and what may hide agreements despite it."""

import pytest

from billing_sync.adapters.connectwise.setup_replies import SecurityReply
from billing_sync.domain.checks.check import Found, Status
from billing_sync.domain.checks.permissions import (
    AGREEMENTS,
    CATALOG,
    confirmed,
    hidden_rows,
    judged,
)
from billing_sync.domain.vendors.connectwise import OwnMember, SecurityLevel
from tools.sandbox.vendors import connectwise_security as sandbox

FREE = OwnMember(
    admin=False, location_restricted=False, department_restricted=False, structure_level="Corporate"
)
NO_LABELS = {
    f"{what}{which}": ""
    for what in ("module", "moduleFunction")
    for which in ("Description", "Identifier")
}


def a_level(**fields: object) -> SecurityLevel:
    """The role's line on agreements as ConnectWise sends it: Inquire All and Edit All."""
    row = sandbox.security_row(sandbox.AGREEMENTS, inquire="All", edit="All", id_=101)
    return SecurityReply.model_validate({**row, **fields}).security_level()


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        (
            {**NO_LABELS, "moduleName": "FINANCE", "moduleFunctionName": " agreements "},
            Status.PASS,
            "Edit All",
        ),
        ({"moduleName": "FIN", "moduleFunctionName": "Agr"}, Status.PASS, "Edit All"),
        ({"editLevel": "ALL", "inquireLevel": "all"}, Status.PASS, "Edit ALL"),
        ({"inquireLevel": "My"}, Status.FAIL, "My hides"),
        ({"editLevel": "My"}, Status.FAIL, "Edit My"),
        ({"editLevel": "None"}, Status.FAIL, "Edit None"),
        ({"deleteLevel": "All"}, Status.WARN, "more than needed"),
        ({"addLevel": "My"}, Status.WARN, "more than needed"),
        ({"addLevel": "All"}, Status.WARN, "more than needed"),
        ({"addLevel": None}, Status.PASS, "Add unset"),
        ({"editLevel": None}, Status.UNVERIFIED, "Edit unset"),
        ({"editLevel": "Team"}, Status.UNVERIFIED, "Edit Team"),
    ],
    ids=[
        "labels in capitals",
        "labels elsewhere",
        "levels in capitals",
        "Inquire My",
        "Edit My",
        "Edit None",
        "Delete All",
        "Add My",
        "Add All",
        "Add unset",
        "Edit unset",
        "Edit in other words",
    ],
)
def test_a_right_is_judged_by_what_the_role_plainly_says(
    fields: dict[str, object], status: Status, text: str
):
    found = judged(AGREEMENTS, [a_level(**fields)], admin=False)

    assert (found.status, text in found.message) == (status, True)
    assert status is Status.PASS or found.fix == (
        "In ConnectWise: System > Security Roles > the API member's role > Finance > Agreements:"
        " Inquire All, Edit All, Add None, Delete None."
    )


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ([a_level(), a_level()], "shows 2 lines for Finance > Agreements ("),
        ([], "shows 0 lines for Finance > Agreements"),
    ],
    ids=["two lines", "no line"],
)
def test_a_role_without_exactly_one_line_for_a_right_is_not_verified(
    levels: list[SecurityLevel], text: str
):
    found = judged(AGREEMENTS, levels, admin=False)

    assert found.status is Status.UNVERIFIED
    assert text in found.message and "Inquire All, Edit All" in found.fix


@pytest.mark.parametrize("levels", [[], [a_level(editLevel="None")]], ids=["no line", "None"])
def test_the_levels_of_an_administrator_need_not_be_shown(levels: list[SecurityLevel]):
    found = judged(AGREEMENTS, levels, admin=True)

    assert found.status is Status.UNVERIFIED
    assert "the member is an administrator" in found.message


def test_of_two_lines_the_one_on_a_report_is_no_right():
    lines = [a_level(), a_level(reportFlag=True, editLevel="None", customFlag=True)]

    assert judged(AGREEMENTS, lines, admin=False).status is Status.PASS
    assert hidden_rows(lines, FREE, ()).status is Status.PASS
    assert judged(AGREEMENTS, lines[1:], admin=False).status is Status.FAIL


def test_a_person_confirms_only_what_connectwise_does_not_show():
    shown = judged(AGREEMENTS, [a_level(editLevel="None")], admin=False)
    hidden_role = judged(AGREEMENTS, [], admin=False)

    assert confirmed(shown, "Ann on 2026-07-01") == shown
    assert confirmed(hidden_role, "Ann on 2026-07-01").status is Status.PASS
    assert confirmed(hidden_role, "").fix.endswith("confirm-connectwise-role")


@pytest.mark.parametrize("admin", [False, None])
def test_a_member_of_unknown_rank_is_not_treated_as_an_administrator(admin: bool | None):
    assert judged(AGREEMENTS, [], admin=admin).status is Status.UNVERIFIED


def test_the_line_of_another_function_says_nothing_of_a_right():
    assert judged(CATALOG, [a_level()], admin=False).status is Status.UNVERIFIED


def hidden(
    *, level: SecurityLevel | None = None, customized: tuple[str, ...] = (), **limits: object
) -> Found:
    fields = {name: getattr(FREE, name) for name in FREE.__slots__} | limits
    return hidden_rows([level or a_level()], OwnMember(**fields), customized)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (hidden(level=a_level(customFlag=True)), "role's Finance > Agreements is customized"),
        (hidden(customized=("Managed", "Block")), "the role is customized to Block, Managed"),
        (hidden(location_restricted=True), "the member is restricted to its location"),
        (hidden(department_restricted=True), "the member is restricted to its department"),
        (hidden(structure_level="East"), "the member's level is East, not Corporate"),
    ],
    ids=["customized line", "allow-list", "location", "department", "level"],
)
def test_what_may_hide_agreements_is_warned_of(found: Found, text: str):
    assert found.status is Status.WARN
    assert text in found.message and "customize: allow all agreements" in found.fix


@pytest.mark.parametrize(
    "found",
    [
        hidden_rows(None, FREE, ()),
        hidden_rows([a_level()], None, ()),
        hidden_rows([a_level()], FREE, None),
        hidden(location_restricted=None),
        hidden(department_restricted=None),
        hidden(structure_level=""),
    ],
    ids=["role", "member", "allow-lists", "location", "department", "level"],
)
def test_restrictions_that_cannot_be_read_are_not_passed(found: Found):
    assert found.status is Status.UNVERIFIED
    assert "does not say what restricts the member" in found.message


@pytest.mark.parametrize("level", [" corporate ", "Corporate"])
def test_a_member_of_the_whole_company_sees_everything(level: str):
    assert hidden(structure_level=level).status is Status.PASS
