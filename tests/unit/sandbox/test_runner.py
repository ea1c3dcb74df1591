"""What keeps the sandbox on this machine, and what it says when it cannot start."""

import pytest

from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.aws import Aws, require_loopback
from tools.sandbox.description import Description
from tools.sandbox.errors import SandboxError
from tools.sandbox.waiting import wait_for

SERVERS = {
    "HUNTRESS_URL": "http://127.0.0.1:1",
    "HUNTRESS_API_KEY": "key",
    "HUNTRESS_API_SECRET": "secret",
    "CONNECTWISE_URL": "http://127.0.0.1:2",
    "CONNECTWISE_COMPANY": "demo",
    "CONNECTWISE_PUBLIC_KEY": "pub",
    "CONNECTWISE_PRIVATE_KEY": "priv",
    "CONNECTWISE_CLIENT_ID": "id",
}


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4566", "http://[::1]:4566"])
def test_the_stack_is_deployed_to_this_machine(endpoint):
    require_loopback({"AWS_ENDPOINT_URL": endpoint})


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"AWS_ENDPOINT_URL": ""},
        {"AWS_ENDPOINT_URL": "https://cloudformation.eu-west-1.amazonaws.com"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1.example.com:4566"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1@example.com"},
    ],
)
def test_the_stack_is_never_deployed_to_a_real_account(environment):
    with pytest.raises(SandboxError, match="not on this machine"):
        require_loopback(environment)


def test_every_aws_tool_is_sent_to_the_local_one_whatever_the_users_profiles_say():
    environment = Aws("http://127.0.0.1:4566").environment
    require_loopback(environment)
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"]
    assert "AWS_PROFILE" not in environment


def test_without_a_callers_servers_the_stand_ins_are_used():
    assert VendorAddresses.from_environment({"HOME": "/root"}) is None


def test_a_callers_servers_fill_both_secrets():
    vendors = VendorAddresses.from_environment(SERVERS)
    assert vendors.huntress_secret() == {
        "api_key": "key",
        "api_secret": "secret",
        "base_url": "http://127.0.0.1:1",
    }
    assert vendors.connectwise_secret() == {
        "site": "http://127.0.0.1:2",
        "login_company": "demo",
        "public_key": "pub",
        "private_key": "priv",
        "client_id": "id",
    }


@pytest.mark.parametrize("missing", SERVERS)
def test_half_of_a_callers_servers_is_refused_by_the_name_of_what_is_missing(missing):
    with pytest.raises(SandboxError, match=rf"Not set: {missing}\."):
        VendorAddresses.from_environment({**SERVERS, missing: ""})


def test_a_description_reads_back_as_it_was_written(tmp_path):
    vendors = VendorAddresses.from_environment(SERVERS)
    aws = Aws("http://127.0.0.1:4566")
    described = Description(7, aws, "BillingSync", {"Queue": "q"}, vendors, "")
    described.write(tmp_path / "sandbox.json")
    assert Description.read(tmp_path / "sandbox.json") == described


def test_waiting_says_for_what_it_waited_in_vain():
    with pytest.raises(SandboxError, match="0 seconds for a miracle"):
        wait_for("a miracle", lambda: None, seconds=0)
