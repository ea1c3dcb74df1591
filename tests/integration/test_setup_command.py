"""`billing-sync setup`: every step, in one pass or in several, no client billed by accident."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.integration.local_aws import aws_client
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tools.sandbox.vendors.connectwise_security import AGREEMENTS

UNATTENDED = ("--accept-exact", "--huntress-sync-is-off", "--leave-off")
ITEMS = ("--item", "edr=101", "--item", "itdr=102", "--item", "sat=103")


@pytest.fixture
def keys(bare_stack: LocalStack) -> dict[str, dict[str, Any]]:
    """Both vendors' keys; the secrets are without a value."""
    both: dict[str, dict[str, Any]] = {}
    secrets = aws_client("secretsmanager")
    for name, put in (
        ("huntress", bare_stack.put_huntress_secret),
        ("connectwise", bare_stack.put_connectwise_secret),
    ):
        put()
        both[name] = json.loads(secrets.get_secret_value(SecretId=name)["SecretString"])
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        secrets.create_secret(Name=name)
    return both


@pytest.fixture
def file(keys: dict[str, dict[str, Any]], tmp_path: Path) -> str:
    """The keys as a file."""
    written = tmp_path / "keys.json"
    written.write_text(json.dumps(keys))
    return str(written)


def settings(stack: LocalStack) -> dict[str, Any]:
    key = {"pk": "SETTINGS", "sk": "CURRENT"}
    return stack.config.get_item(Key=key).get("Item", {})


def connectwise_answers(keys: dict[str, dict[str, Any]]) -> list[str]:
    names = ("site", "login_company", "public_key", "private_key", "client_id")
    return [str(keys["connectwise"][name]) for name in names]


def in_order(text: str, words: Sequence[str]) -> bool:
    at = 0
    for each in words:
        at = text.find(each, at)
        if at < 0:
            return False
    return True


def test_one_pass_without_a_question_ends_in_a_preview_with_sync_off(
    bare_stack: LocalStack, operator: OperatorLine, file: str
) -> None:
    shown = operator("setup", "--file", file, *ITEMS, *UNATTENDED)

    assert shown.exit_code == 0, shown.output
    steps = [f"{number} of 9: " for number in range(1, 10)]
    assert in_order(shown.stdout, steps) and shown.stdout.endswith("Set up.\n")
    assert in_order(shown.stdout, ["READY", "WROTE NOTHING: preview", "Sync stays off."])
    assert "siem: 9 units listed, and no --item: not billed" in shown.stdout
    current = settings(bare_stack)
    assert current["sync_enabled"] is False and current["products"]["edr"]["catalog_item_id"] == 101
    assert bare_stack.untouched()


def test_a_person_is_asked_and_wrong_answers_are_asked_again(
    bare_stack: LocalStack, operator: OperatorLine, keys: dict[str, dict[str, Any]], file: str
) -> None:
    assert operator("credentials", "huntress", "--file", file).exit_code == 0
    site, *others = connectwise_answers(keys)

    shown = operator(
        "setup",
        answers=[
            *("http://na.myconnectwise.net", " ", site, *others),  # ConnectWise's keys
            *("maybe", "y", "99", "huntress", "1"),  # edr: yes or no, which item
            *("n", "n", "n"),  # itdr, sat, siem
            "y",  # the exact names
            *("what", "y"),  # Huntress's own sync
            "n",  # turn on
        ],
    )

    assert shown.exit_code == 0, shown.output
    assert "Huntress's keys are stored and work." in shown.stdout
    assert "must be reached by https" in shown.stderr
    assert "Error: invalid input" in shown.stderr
    assert "Nothing in the catalog has '99' in it." in shown.stdout
    current = settings(bare_stack)
    assert current["products"]["edr"]["catalog_item_id"] == 101
    assert set(current["products"]) == {"edr"} and current["sync_enabled"] is False
    assert "user/ann on 2026-07-14" in current["huntress_sync_off"]
    for secret in ("public_key", "private_key", "client_id"):
        assert f" {keys['connectwise'][secret]}\n" not in shown.output


def test_who_stops_at_a_question_goes_on_from_there(
    bare_stack: LocalStack, operator: OperatorLine, file: str
) -> None:
    stopped = operator("setup", "--file", file, answers=["y"])
    assert stopped.exit_code == 2, stopped.output
    assert "stopped at step 4, a catalog item for each product" in stopped.stderr
    assert "`billing-sync settings choose PRODUCT` does that step alone" in stopped.stderr

    again = operator("setup", "--item", "edr=101", "--accept-exact", answers=[])
    assert again.exit_code == 2
    assert "Huntress's keys are stored and work." in again.stdout
    assert "stopped at step 6, huntress's own sync is off" in again.stderr.lower()

    last = operator("setup", "--huntress-sync-is-off", "--item", "edr=101", answers=["y"])
    assert last.exit_code == 0, last.output
    assert settings(bare_stack)["sync_enabled"] is True
    assert bare_stack.untouched()


def test_after_the_last_yes_the_next_invoice_is_billed_and_no_earlier_one(
    bare_stack: LocalStack, operator: OperatorLine, file: str
) -> None:
    shown = operator("setup", "--file", file, *ITEMS, *UNATTENDED[:2], "--turn-on")
    assert shown.exit_code == 0, shown.output
    bare_stack.tick()
    bare_stack.settle()
    assert bare_stack.untouched()

    bare_stack.sync()
    assert bare_stack.newest().wrote > 0

    again = operator("setup", *ITEMS, *UNATTENDED[:2])
    assert again.exit_code == 0, again.output
    assert "Sync is on: the next Huntress invoice is billed by itself." in again.stdout


def test_a_check_that_fails_ends_the_pass_before_anything_is_turned_on(
    bare_stack: LocalStack, operator: OperatorLine, file: str
) -> None:
    for level in bare_stack.connectwise.state.security:
        if (level["moduleName"], level["moduleFunctionName"]) == AGREEMENTS:
            level["editLevel"] = "None"

    shown = operator("setup", "--file", file, *ITEMS, *UNATTENDED[:2], "--turn-on")

    assert shown.exit_code == 1
    assert "NOT READY" in shown.stdout and "8 of 9" not in shown.stdout
    assert "fix what is marked, then `billing-sync setup` goes on from here" in shown.stderr
    assert settings(bare_stack)["sync_enabled"] is False


def test_keys_of_a_file_that_do_not_work_end_the_pass(
    keys: dict[str, dict[str, Any]], operator: OperatorLine, tmp_path: Path
) -> None:
    keys["connectwise"]["private_key"] = "mistyped"
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(keys))

    shown = operator("setup", "--file", str(file), *ITEMS, *UNATTENDED)

    assert shown.exit_code == 1
    assert "ConnectWise rejected these keys" in shown.stderr
    assert "4 of 9" not in shown.stdout and "mistyped" not in shown.output


def test_keys_that_do_not_work_are_asked_for_once_more(
    operator: OperatorLine, keys: dict[str, dict[str, Any]], bare_stack: LocalStack
) -> None:
    address = keys["huntress"]["base_url"]
    bare_stack.put_huntress_secret(api_key="old", base_url=address)

    shown = operator(
        "setup", answers=["wr ong", "hk_wrong", "hs_demo", "nowhere", address, "hk_demo"]
    )

    assert shown.exit_code == 2
    assert "api_key: it has a space" in shown.stderr and "not a Huntress host" in shown.stderr
    assert "Huntress rejected these keys. Please try again." in shown.stdout
    assert "stopped at step 2" in shown.stderr


def test_huntress_own_sync_that_is_still_on_is_reported_and_the_preview_still_shown(
    bare_stack: LocalStack, operator: OperatorLine, file: str
) -> None:
    shown = operator(
        "setup", "--file", file, *ITEMS, "--accept-exact", "--leave-off", answers=["n"]
    )

    assert shown.exit_code == 0, shown.output
    assert "Switch it off" in shown.stdout and "WROTE NOTHING" in shown.stdout
    assert "huntress_sync_off" not in settings(bare_stack)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--item", "edr"], "'' is no catalog item id, as in edr=101"),
        (["--item", "edr=x"], "'x' is no catalog item id"),
        (["--item", "m365=101"], "'m365' is no product; products are edr, itdr, sat, siem, ispm"),
        (["--file", "/nowhere"], "'/nowhere' does not exist"),
    ],
    ids=str,
)
def test_a_wrong_option_is_reported_before_the_first_question(
    operator: OperatorLine, words: list[str], message: str
) -> None:
    shown = operator("setup", *words)

    assert shown.exit_code == 2 and shown.stdout == "" and message in shown.stderr


def test_an_item_that_bills_nothing_is_refused_by_its_name(
    operator: OperatorLine, file: str
) -> None:
    shown = operator("setup", "--file", file, "--item", "edr=203", *UNATTENDED)

    assert shown.exit_code == 1 and "203 SECURITY-BUNDLE is of no use" in shown.stderr


def test_setup_does_not_turn_on_a_sync_that_could_write_nothing(
    bare_stack: LocalStack, operator: OperatorLine, file: str
) -> None:
    for agreement in bare_stack.connectwise.state.agreements.values():
        agreement |= {"agreementStatus": "Expired", "endDate": "2026-06-30T00:00:00Z"}
    unattended = ("--accept-exact", "--huntress-sync-is-off", "--turn-on")

    shown = operator("setup", "--file", file, *ITEMS, *unattended)

    assert shown.exit_code == 1 and "no quantity could be written" in " ".join(shown.stdout.split())
    assert settings(bare_stack)["sync_enabled"] is False
