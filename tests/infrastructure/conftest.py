"""Each variant of the stack is synthesized once."""

from __future__ import annotations

import pytest

from tests.infrastructure.deployed import Deployed, synthesized


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """As cdk.json has it."""
    return synthesized(tmp_path_factory.mktemp("cdk.out"))


@pytest.fixture(scope="session")
def with_own_key(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """With a customer managed key and somebody to write to."""
    return synthesized(
        tmp_path_factory.mktemp("cdk.out"),
        customer_managed_key="true",
        notification_email="billing@example.com",
    )
