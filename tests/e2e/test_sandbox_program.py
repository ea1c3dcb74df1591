"""`make sandbox` and `make sandbox-stop`, here with the caller's own servers as the vendors."""

from datetime import UTC, datetime

import pytest

from tests.e2e.sandbox_program import descendants, started, still_there, told
from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.running import DESCRIPTION
from tools.sandbox.stack import DeployedStack
from tools.sandbox.vendors.connectwise import ConnectWiseFake
from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.world.build import build_world


@pytest.fixture
def servers():
    world = build_world(datetime.now(UTC))
    with HuntressFake(world.huntress) as huntress, ConnectWiseFake(world.connectwise) as other:
        yield {
            "HUNTRESS_URL": huntress.url,
            "HUNTRESS_API_KEY": "hk_demo",
            "HUNTRESS_API_SECRET": "hs_demo",
            "CONNECTWISE_URL": other.url,
            "CONNECTWISE_COMPANY": "demo",
            "CONNECTWISE_PUBLIC_KEY": "pub",
            "CONNECTWISE_PRIVATE_KEY": "priv",
            "CONNECTWISE_CLIENT_ID": other.client_id,
        }


def test_a_sandbox_uses_the_callers_servers_and_ends_without_a_trace(tmp_path, servers):
    with started(tmp_path, **servers) as sandbox:
        assert sandbox.vendors == VendorAddresses.from_environment(servers)
        stack = DeployedStack(sandbox)
        checks = {each["check"]: each for each in stack.invoke("PermissionCheck", {})["checks"]}
        assert checks["Huntress credentials"]["status"] == "pass"
        assert checks["ConnectWise credentials"]["status"] == "pass"
        assert stack.config.scan()["Items"] == []

        words, status = told(tmp_path)
        assert status == 1
        assert f"A sandbox runs already (process {sandbox.pid})" in words

        programs = descendants(sandbox.pid)
        assert programs
        assert told(tmp_path, "stop") == ("The sandbox has ended.\n", 0)
        assert still_there([sandbox.pid, *programs]) == []
        assert not (tmp_path / DESCRIPTION).exists()
    assert told(tmp_path, "stop") == ("No sandbox runs.\n", 0)
