"""Companies that exist, with or without an Active agreement: listed, suggested and marked."""

import json

import pytest

from functions.permission_check import handler as permission_check
from tests.integration.local_stack import LambdaContext, LocalStack
from tests.integration.mapping_world import ALDER, COPPER, ELM, appears, mapping_world, words
from tests.integration.operator_line import OperatorLine
from tools.sandbox.vendors.connectwise_security import COMPANIES
from tools.sandbox.world.seed_types import Organization

pytestmark = pytest.mark.world(build=mapping_world)

SALTMARSH, SALTMARSH_ORG = 306, 44
MARKED = "Saltmarsh Hotels exists, but has no Active agreement"


def saltmarsh(stack: LocalStack, *, agreement: bool) -> None:
    """A company that exists, whose only agreement expired, or that never had one."""
    state = stack.connectwise.state
    company = {"id": SALTMARSH, "identifier": "Saltmarsh", "name": "Saltmarsh Hotels"}
    state.companies[SALTMARSH] = {**state.companies[COPPER], **company}
    if agreement:
        one = next(each for each in state.agreements.values() if each["company"]["id"] == ELM)
        state.agreements[3060] = {**one, "id": 3060, "company": company}
    appears(stack, Organization(SALTMARSH_ORG, "Saltmarsh Hotels", {"edr": 7}))


def companies_may_be_read(stack: LocalStack) -> None:
    for row in stack.connectwise.state.security:
        if (row["moduleName"], row["moduleFunctionName"]) == COMPANIES:
            row["inquireLevel"] = "All"


def listed() -> dict[int, dict[str, object]]:
    answer = permission_check.handler({"list": "companies"}, LambdaContext())
    items = json.loads(json.dumps(answer))["items"]
    return {each["id"]: each for each in items}


def test_a_company_whose_agreements_ended_is_listed_with_why(stack: LocalStack) -> None:
    saltmarsh(stack, agreement=True)

    agreements = listed()[SALTMARSH]["agreements"]

    assert [each["why_not"] for each in agreements] == ["expired on 2026-06-14"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("may", [True, False])
def test_a_company_without_any_agreement_is_listed_where_the_role_shows_it(
    stack: LocalStack, may: bool
) -> None:
    saltmarsh(stack, agreement=False)
    if may:
        companies_may_be_read(stack)

    found = listed()

    assert (SALTMARSH in found) is may
    assert not may or found[SALTMARSH]["agreements"] == []


def test_where_not_all_fit_those_with_an_active_agreement_do(stack: LocalStack) -> None:
    agreements = stack.connectwise.state.agreements
    ended = next(each for each in agreements.values() if each["company"]["id"] == ELM)
    for number in range(1000, 1100):
        company = {"id": number, "identifier": f"A{number}", "name": f"Aardvark {'x' * 60_000}"}
        agreements[number * 10] = {**ended, "id": number * 10, "company": company}

    found = listed()

    assert len(found) < 100 and {ALDER, COPPER} <= found.keys()


def test_a_deleted_company_is_not_listed(stack: LocalStack) -> None:
    saltmarsh(stack, agreement=False)
    companies_may_be_read(stack)
    stack.connectwise.state.companies[SALTMARSH]["deletedFlag"] = True

    assert SALTMARSH not in listed()


@pytest.mark.parametrize("agreement", [True, False])
def test_an_organization_whose_company_has_no_active_agreement_is_suggested_and_marked(
    stack: LocalStack, operator: OperatorLine, agreement: bool
) -> None:
    saltmarsh(stack, agreement=agreement)
    companies_may_be_read(stack)

    shown = operator("mappings", "suggest", "--accept-exact", "--yes")

    assert MARKED in words(shown.stdout)
    assert not stack.config.get_item(Key={"pk": "MAPPING", "sk": f"ORG#{SALTMARSH_ORG}"}).get(
        "Item"
    )


def test_companies_are_shown_with_agreements_and_mapped_organizations(
    stack: LocalStack, operator: OperatorLine
) -> None:
    saltmarsh(stack, agreement=True)

    shown = operator("companies")

    text = words(shown.stdout)
    assert shown.exit_code == 0
    assert "Alder Finch LLC" in text and "Managed Security" in text
    assert "no Active agreement" in text
    assert max(map(len, shown.stdout.splitlines())) <= 100

    some = json.loads(operator("companies", "--search", "alder", "--json").stdout)
    (alder,) = some["companies"]
    assert (alder["id"], alder["active"]) == (ALDER, True)
    assert alder["organizations"] == [{"id": 1, "name": "Alder Finch"}]
    marked = json.loads(operator("companies", "--search", "saltmarsh", "--json").stdout)
    assert [each["active"] for each in marked["companies"]] == [False]


def test_companies_that_cannot_be_read_end_with_the_reason(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.put_connectwise_secret(private_key="wrong")

    shown = operator("companies")

    assert shown.exit_code == 1 and "the companies cannot be read" in shown.stderr
