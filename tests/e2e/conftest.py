"""One sandbox for the whole session: the real stack, deployed, with stand-ins for both vendors."""

import pytest

from tests.e2e.sandbox_program import started
from tools.sandbox.stack import DeployedStack


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    with started(tmp_path_factory.mktemp("sandbox")) as description:
        yield description


@pytest.fixture(scope="session")
def stack(sandbox):
    return DeployedStack(sandbox)


@pytest.fixture(scope="session")
def stand_ins(sandbox):
    return sandbox.stand_ins()
