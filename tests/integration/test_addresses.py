"""Where credentials may travel, and what people paste as an address."""

from collections.abc import Callable

import pytest

from billing_sync.adapters.http.allowed_hosts import connectwise_address, huntress_address
from billing_sync.domain.errors import Fatal


@pytest.mark.parametrize(
    ("site", "origin"),
    [
        ("na.myconnectwise.net", "https://api-na.myconnectwise.net/"),
        ("https://EU.myconnectwise.net/v4_6_release/", "https://api-eu.myconnectwise.net/"),
        ("api-au.myconnectwise.net", "https://api-au.myconnectwise.net/"),
        ("staging.connectwisedev.com", "https://api-staging.connectwisedev.com/"),
        ("psa.example.com:8443", "https://psa.example.com:8443/"),
    ],
)
def test_a_connectwise_site_is_taken_as_people_paste_it(site: str, origin: str) -> None:
    assert connectwise_address(site, allow_loopback=False) == origin


@pytest.mark.parametrize("allow_loopback", [True, False])
@pytest.mark.parametrize("address", [connectwise_address, huntress_address])
@pytest.mark.parametrize(
    "site", ["http://api.huntress.io", "https://u:p@api.huntress.io", "", "a:b"]
)
def test_credentials_travel_only_by_https(
    site: str, address: Callable[..., str], allow_loopback: bool
) -> None:
    with pytest.raises(Fatal):
        address(site, allow_loopback=allow_loopback)


@pytest.mark.parametrize("address", [connectwise_address, huntress_address])
@pytest.mark.parametrize("site", ["http://localhost:8080", "https://127.0.0.1", "http://[::1]:80"])
def test_this_machine_is_reached_only_when_allowed(site: str, address: Callable[..., str]) -> None:
    assert address(site, allow_loopback=True) == f"{site}/"
    with pytest.raises(Fatal):
        address(site, allow_loopback=False)


@pytest.mark.parametrize("host", ["evil.example.com", "huntress.io.example.com", "nothuntress.io"])
def test_huntress_credentials_go_to_huntress_alone(host: str) -> None:
    assert huntress_address("eu.huntress.io", allow_loopback=False) == "https://eu.huntress.io/"
    with pytest.raises(Fatal):
        huntress_address(host, allow_loopback=False)
