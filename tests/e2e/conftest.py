"""One sandbox for the whole session: the real stack, deployed, with stand-ins for both vendors."""

from pathlib import Path

import pytest

from tests.e2e.sandbox_program import started
from tools.sandbox.stack import DeployedStack

HERE = Path(__file__).parent
LAST = HERE / "test_ending.py"


def pytest_collection_modifyitems(items):
    """All on one worker, since a second would deploy a second sandbox; what ends it comes last."""
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    for item in ours:
        item.add_marker(pytest.mark.xdist_group("sandbox"))
        item.add_marker(pytest.mark.slow("deploys or awaits the embedded AWS"))
    others = [item for item in items if item not in ours]
    items[:] = [*sorted(ours, key=lambda item: item.path == LAST), *others]


@pytest.fixture(scope="session")
def sandbox_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="session")
def sandbox(sandbox_folder):
    with started(sandbox_folder) as description:
        yield description


@pytest.fixture(scope="session")
def stack(sandbox):
    return DeployedStack(sandbox)


@pytest.fixture(scope="session")
def stand_ins(sandbox):
    return sandbox.stand_ins()
