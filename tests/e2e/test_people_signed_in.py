"""Somebody with a policy of the stack can do what it says in the sandbox, and nothing else."""

import json
from contextlib import contextmanager

import boto3
import pytest
from botocore.exceptions import ClientError

from billing_sync.adapters.ledger.table import Change
from tests.e2e.test_forecast_command import billing_sync
from tools.operator.stack import Stack

KEY = {"pk": "MAPPING", "sk": "ORG#1"}


@contextmanager
def somebody(stack, sandbox, policy):
    """A new user with this policy alone, at the stack."""
    iam, name = stack.client("iam"), f"somebody-{policy}"
    iam.create_user(UserName=name)
    iam.attach_user_policy(UserName=name, PolicyArn=stack.outputs[policy])
    keys = iam.create_access_key(UserName=name)["AccessKey"]
    session = boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], region_name=sandbox.aws.region
    )
    try:
        yield Stack(session, sandbox.stack, endpoint=sandbox.aws.endpoint)
    finally:
        iam.delete_access_key(UserName=name, AccessKeyId=keys["AccessKeyId"])
        iam.detach_user_policy(UserName=name, PolicyArn=stack.outputs[policy])
        iam.delete_user(UserName=name)


def denied(call):
    with pytest.raises(ClientError) as refused:
        call()
    return "AccessDenied" in refused.value.response["Error"]["Code"]


def test_a_reader_previews_and_reads_and_can_neither_write_nor_see_a_secret(stack, sandbox):
    with somebody(stack, sandbox, "ReaderPolicy") as reader:
        shown = reader.test_sync({"action": "show"})
        config = reader.table("ConfigTable")
        assert "result" in shown
        assert config.get("SETTINGS", "CURRENT")["products"]
        refused = reader.invoke("sync-preview", {"action": "sync"})
        assert refused["result"].startswith("NOTHING WAS DONE: this function only looks")
        assert denied(lambda: reader.invoke("test-sync", {"action": "show"}))
        assert denied(lambda: config.write(Change(*KEY.values(), put={"company_id": 1})))
        secret = stack.outputs["HuntressSecret"]
        assert denied(lambda: reader.client("secretsmanager").get_secret_value(SecretId=secret))


def test_an_approver_presses_the_button_and_changes_settings_and_sees_no_secret(stack, sandbox):
    with somebody(stack, sandbox, "ApproverPolicy") as approver:
        assert "result" in approver.invoke("test-sync", {"action": "show"})
        config = approver.table("ConfigTable")
        config.write(Change("TRIED", "1", put={"tried": True}))
        config.write(Change("TRIED", "1", delete=True))
        ledger = approver.table("LedgerTable")
        assert denied(lambda: ledger.write(Change("RUN", "ACTIVE", delete=True)))
        secret = stack.outputs["ConnectWiseSecret"]
        assert denied(lambda: approver.client("secretsmanager").get_secret_value(SecretId=secret))


def test_settings_are_read_changed_and_taken_back_by_the_command(stack, sandbox_folder):
    version = int(stack.config.get_item(Key={"pk": "SETTINGS", "sk": "CURRENT"})["Item"]["version"])

    changed = billing_sync("settings", "set", "guards.money", "800", "--yes", folder=sandbox_folder)
    back = billing_sync("settings", "revert", str(version), "--yes", folder=sandbox_folder)
    shown = billing_sync("settings", "show", "--json", folder=sandbox_folder)

    assert (changed.returncode, changed.stderr) == (0, "")
    assert "guards.money: 500 (default) → 800" in changed.stdout
    assert back.returncode == 0
    assert json.loads(shown.stdout)["version"] == version + 2
