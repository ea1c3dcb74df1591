"""`billing-sync setup`: every step, in one pass or in several, with nobody billed by accident."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.local_aws import aws_client
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine

OFF = "--huntress-sync-is-off"


@pytest.fixture
def keys(bare_stack: LocalStack, tmp_path: Path) -> str:
    """A file with both vendors' keys, and empty secrets."""
    both: dict[str, Any] = {}
    for name, put in (
        ("huntress", bare_stack.put_huntress_secret),
        ("connectwise", bare_stack.put_connectwise_secret),
    ):
        put()
        secrets = aws_client("secretsmanager")
        both[name] = json.loads(secrets.get_secret_value(SecretId=name)["SecretString"])
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        secrets.create_secret(Name=name)
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(both))
    return str(file)


def settings(stack: LocalStack) -> dict[str, Any]:
    key = {"pk": "SETTINGS", "sk": "CURRENT"}
    return stack.config.get_item(Key=key).get("Item", {})


def test_one_pass_without_a_question_ends_in_a_preview_with_sync_off(
    bare_stack: LocalStack, operator: OperatorLine, keys: str
) -> None:
    told = operator(
        *("setup", "--file", keys, "--item", "edr=101", "--item", "itdr=102", "--item", "sat=103"),
        *("--accept-exact", OFF, "--leave-off"),
    )

    assert told.exit_code == 0, told.output
    assert "9 of 9: Sync on" in told.stdout and told.stdout.endswith("Set up.\n")
    assert "WROTE NOTHING: preview" in told.stdout
    assert "READY" in told.stdout
    current = settings(bare_stack)
    assert current["sync_enabled"] is False and current["products"]["edr"]["catalog_item_id"] == 101
    assert bare_stack.untouched()
