"""`billing-sync credentials`: keys are asked for, checked, stored, tried, and never shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.installed_stack import Installed
from tests.integration.local_aws import aws_client
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine

HUNTRESS = ("hk_demo", "hs_demo")


def secret(name: str) -> Any:
    # By its stage, as AWS gives it by default: the emulation forgets that a stage was moved.
    found = aws_client("secretsmanager").get_secret_value(SecretId=name, VersionStage="AWSCURRENT")
    return json.loads(found["SecretString"])


def file_of(folder: Path, values: object) -> str:
    file = folder / "credentials.json"
    file.write_text(values if isinstance(values, str) else json.dumps(values))
    return str(file)


def connectwise(stack: Installed, **changes: object) -> dict[str, object]:
    site = {"site": stack.connectwise.url, "client_id": "2a8cf5e2-7b0e-4dd9-9ad9-5a3f0a3a8d4e"}
    keys = {"login_company": "demo", "public_key": "pub", "private_key": "priv"}
    return {**keys, **site, **changes}


def test_keys_typed_by_a_person_are_stored_tried_and_never_shown(
    bare_stack: LocalStack, operator: OperatorLine
) -> None:
    stored = connectwise(bare_stack)
    bare_stack.put_connectwise_secret()
    right = secret("connectwise")
    answers = [str(right[key]) for key in ("site", "login_company", "public_key")]
    answers += [right["private_key"], right["client_id"]]

    shown = operator("credentials", "connectwise", answers=answers)

    assert shown.exit_code == 0, shown.output
    assert secret("connectwise") == {key: right[key] for key in stored}
    assert "ConnectWise credentials" in shown.stdout and "pass" in shown.stdout
    for key in ("private_key", "public_key", "client_id"):
        assert f" {right[key]}" not in shown.output


def test_both_vendors_are_read_from_one_file(
    bare_stack: LocalStack, operator: OperatorLine, tmp_path: Path
) -> None:
    bare_stack.put_huntress_secret()
    both = {"huntress": secret("huntress"), "connectwise": connectwise(bare_stack)}

    shown = operator("credentials", "huntress", "--file", file_of(tmp_path, both), "--json")

    assert shown.exit_code == 0, shown.output
    (first, *_) = json.loads(shown.stdout)["checks"]
    assert first["check"] == "Huntress credentials" and first["status"] == "pass"
    assert secret("huntress") == both["huntress"]


def test_the_environment_will_do(
    bare_stack: LocalStack, operator: OperatorLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in zip(("KEY", "SECRET"), HUNTRESS, strict=True):
        monkeypatch.setenv(f"HUNTRESS_API_{name}", value)
    monkeypatch.setenv("HUNTRESS_BASE_URL", bare_stack.huntress.url)

    shown = operator("credentials", "huntress", "--from-environment")

    assert shown.exit_code == 0, shown.output
    assert secret("huntress")["api_key"] == "hk_demo"


def test_keys_that_the_vendor_refuses_leave_the_earlier_ones_in_force(
    stack: LocalStack, operator: OperatorLine, tmp_path: Path
) -> None:
    before = secret("huntress")
    wrong = {**before, "api_key": "mistyped"}

    shown = operator("credentials", "huntress", "--file", file_of(tmp_path, wrong))

    assert shown.exit_code == 1
    assert "Huntress rejected these keys" in shown.stderr
    assert "mistyped" not in shown.output
    assert secret("huntress") == before


def test_a_company_that_connectwise_does_not_know_leaves_the_earlier_one_in_force(
    stack: LocalStack, operator: OperatorLine, tmp_path: Path
) -> None:
    known = {"login_company", "public_key", "private_key", "site", "client_id"}
    right = {key: value for key, value in secret("connectwise").items() if key in known}
    before = secret("connectwise")
    wrong = file_of(tmp_path, {**right, "login_company": "nobody"})

    shown = operator("credentials", "connectwise", "--file", wrong)

    assert shown.exit_code == 1
    assert secret("connectwise") == before


def test_trying_keys_that_do_not_work_alarms_nobody(
    stack: LocalStack, operator: OperatorLine, tmp_path: Path
) -> None:
    stack.check()
    wrong = file_of(tmp_path, {**secret("huntress"), "api_secret": "mistyped"})

    assert operator("credentials", "huntress", "--file", wrong).exit_code == 1

    stack.put_huntress_secret()
    assert stack.put_events() == []
    assert stack.check()["worse"] == []


def test_new_keys_are_tried_although_the_function_remembers_the_old_ones(
    stack: LocalStack, operator: OperatorLine, tmp_path: Path
) -> None:
    assert stack.check()["result"].startswith("READY")

    wrong = file_of(tmp_path, {**secret("huntress"), "api_secret": "mistyped"})

    assert operator("credentials", "huntress", "--file", wrong).exit_code == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"api_key": "a"}, "api_secret: it is missing"),
        ({"api_key": "a", "api_secret": " "}, "api_secret: it is empty"),
        ({"api_key": "a b", "api_secret": "c"}, "api_key: it has a space or another character"),
        ({"api_key": "a", "api_secret": "b", "user": "c"}, "user: there is no such key"),
        ({"api_key": "a", "api_secret": "b", "base_url": "https://evil.example"}, "not a Huntress"),
        ({"api_key": "a", "api_secret": "b", "calls_per_minute": 0}, "calls_per_minute: "),
        ("hk:hs", "cannot be read as JSON"),
        ("[1]", "a JSON object with the keys api_key, api_secret is needed"),
        ({"huntress": 7}, "a JSON object with the keys"),
    ],
    ids=str,
)
def test_what_cannot_be_right_is_named_and_not_stored(
    bare_stack: LocalStack, operator: OperatorLine, tmp_path: Path, values: object, message: str
) -> None:
    shown = operator("credentials", "huntress", "--file", file_of(tmp_path, values))

    assert shown.exit_code == 1 and shown.stdout == ""
    assert message in shown.stderr
    assert "Traceback" not in shown.stderr
    with pytest.raises(aws_client("secretsmanager").exceptions.ResourceNotFoundException):
        secret("huntress")


def test_an_answer_that_cannot_be_right_is_asked_for_again(
    bare_stack: LocalStack, operator: OperatorLine
) -> None:
    bare_stack.put_connectwise_secret()
    site = secret("connectwise")["site"]
    answers = ["http://na.myconnectwise.net", site, "demo", "p ub", "pub", "priv"]
    answers.append(secret("connectwise")["client_id"])

    shown = operator("credentials", "connectwise", answers=answers)

    assert shown.exit_code == 0, shown.output
    assert (
        "must be reached by https" in shown.stderr and "public_key: it has a space" in shown.stderr
    )


def test_somebody_who_ends_the_questions_has_stored_nothing(
    bare_stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("credentials", "huntress", answers=["hk_demo"])

    assert shown.exit_code == 1 and "Aborted" in shown.stderr
    with pytest.raises(aws_client("secretsmanager").exceptions.ResourceNotFoundException):
        secret("huntress")
