"""Each variant of the stack is synthesized once, by one worker."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# The CDK's own checks of a template take seconds and only warn; cfn-lint's findings are asserted.
# Set before the CDK is loaded, which starts node.
os.environ["CDK_VALIDATION"] = "false"

from tests.infrastructure.deployed import Deployed, synthesized

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one worker: a second would load the CDK and synthesize every variant again."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("infrastructure"))


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """As cdk.json has it."""
    return synthesized(tmp_path_factory.mktemp("cdk.out"))


@pytest.fixture(scope="session")
def with_audit_trail(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """With CloudTrail recording invocations, and a customer managed key."""
    return synthesized(
        tmp_path_factory.mktemp("cdk.out"), audit_trail="true", customer_managed_key="true"
    )


@pytest.fixture(scope="session")
def with_own_key(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """With a customer managed key and somebody to write to."""
    return synthesized(
        tmp_path_factory.mktemp("cdk.out"),
        customer_managed_key="true",
        notification_email="billing@example.com",
    )
