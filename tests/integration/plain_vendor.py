"""A vendor with nothing special about it, for the tests of the transport itself."""

from billing_sync.adapters.http.transport import Transport, Vendor
from tests.integration.scripted_server import StandStill


def transport_of(url: str, time: StandStill, *, calls_per_minute: int = 60_000) -> Transport:
    """A transport to `url`, by default in no need to keep to a pace."""
    vendor = Vendor(
        name="Vendor",
        base_url=f"{url}/",
        calls_per_minute=calls_per_minute,
        advice=lambda refusal: "Do this.",
        user="the-user",
        password="the-password",
        headers={"Accept": "application/json"},
        secrets=("the-password",),
    )
    return Transport(vendor, timing=time.timing)
