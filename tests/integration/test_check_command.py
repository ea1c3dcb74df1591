"""`billing-sync check`: what permission-check found, for people, pipes and scripts."""

import json

from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tools.sandbox.vendors.connectwise_security import AGREEMENTS


def edit_only_my(stack: LocalStack) -> None:
    for row in stack.connectwise.state.security:
        if (row["moduleName"], row["moduleFunctionName"]) == AGREEMENTS:
            row["editLevel"] = "My"


def test_a_ready_stack_ends_with_nought_and_shows_every_line(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("check")

    words = " ".join(shown.stdout.split())
    assert shown.exit_code == 0
    assert "pass Huntress credentials: account credentials of Lantern" in words
    assert "pass Product edr: catalog item HUNTRESS-EDR (id 101)" in words
    assert words.endswith(f"READY: {len(stack.check()['checks'])} pass")
    assert max(len(line) for line in shown.stdout.splitlines()) <= 100


def test_failures_come_first_with_the_click_path_under_them_and_end_with_one(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.check()
    edit_only_my(stack)
    stack.config.delete_item(Key={"pk": "MAPPING", "sk": "ORG#101"})

    shown = operator("check")

    words = " ".join(shown.stdout.split())
    assert shown.exit_code == 1
    failed = "fail ConnectWise Finance > Agreements: Inquire All, Add None, Edit My"
    assert failed in words
    assert "→ In ConnectWise: System > Security Roles" in words
    assert words.index(failed) < words.index("warn Organizations mapped") < words.index(" pass ")
    assert "- Alder & Finch Accountants (id 101): " in words
    assert "→ Map or exclude them: billing-sync mappings suggest" in words
    assert "Worse than at the last check" in words
    assert "NOT READY: " in words and words.endswith("1 warn, 1 fail")


def test_warnings_alone_are_ready(stack: LocalStack, operator: OperatorLine) -> None:
    stack.config.delete_item(Key={"pk": "MAPPING", "sk": "ORG#101"})

    assert operator("check").exit_code == 0


def test_json_is_the_whole_answer_with_the_same_end(
    stack: LocalStack, operator: OperatorLine
) -> None:
    edit_only_my(stack)

    shown = operator("check", "--json")

    answer = json.loads(shown.stdout)
    assert shown.exit_code == 1
    assert set(answer) == {"result", "worse", "checks", "schema_version"}
    assert answer["checks"] == stack.check()["checks"]


def test_words_of_a_vendor_are_shown_as_they_are(stack: LocalStack, operator: OperatorLine) -> None:
    stack.connectwise.state.catalog[101]["description"] = "EDR [bold]per[/bold] agent"

    assert "EDR [bold]per[/bold] agent" in operator("check").stdout
