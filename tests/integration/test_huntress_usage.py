"""What an organization used: a number that can be billed, or unknown and why; never a guess."""

import json

import pytest

from billing_sync.adapters.huntress.client import HuntressClient
from billing_sync.adapters.huntress.usage import unrecognized
from billing_sync.domain.vendors.usage import Product, Reading
from tests.integration.scripted_server import Reply, ScriptedServer

USAGES = {
    "edr": {"billable_agents_count": 42, "unresponsive_agents_count": 2},
    "itdr": [
        {"identity_provider_tenant_id": "google-1", "billable_identities_count": 50},
        {"identity_provider_tenant_id": "microsoft-1", "billable_identities_count": 100},
    ],
    "sat": {"learners_count": 25},
    "siem": {"billable_log_sources_count": 5, "retention": "90/7"},
}


def readings(
    server: ScriptedServer, huntress: HuntressClient, usages: object
) -> dict[Product, Reading]:
    row = {"id": 7, "name": "Acme", "actual_usages": usages}
    server.on("GET /v1/organizations/7", Reply({"organization": row}))
    return {reading.product: reading for reading in huntress.organization(7).readings}


@pytest.mark.parametrize("usages", [USAGES, json.dumps(USAGES)])
def test_billable_counts_are_read_from_an_object_or_a_string(
    server: ScriptedServer, huntress: HuntressClient, usages: object
) -> None:
    assert readings(server, huntress, usages) == {
        Product.EDR: Reading(Product.EDR, 42, unresponsive=2),
        Product.ITDR: Reading(Product.ITDR, 150, tenants=("google-1", "microsoft-1")),
        Product.SAT: Reading(Product.SAT, 25),
        Product.SIEM: Reading(Product.SIEM, 5),
    }


@pytest.mark.parametrize(
    ("counts", "unresponsive", "outdated"),
    [
        ({"unresponsive_agents_count": 2, "outdated_agents_count": "1"}, 2, 1),
        ({"unresponsive_agents_count": 0}, 0, None),
        ({"unresponsive_agents_count": None, "outdated_agents_count": -1}, None, None),
        ({"unresponsive_agents_count": "many", "outdated_agents_count": 1.5}, None, None),
    ],
    ids=str,
)
def test_idle_agents_are_evidence_and_never_spoil_the_billable_count(
    server: ScriptedServer,
    huntress: HuntressClient,
    counts: dict[str, object],
    unresponsive: int | None,
    outdated: int | None,
) -> None:
    read = readings(server, huntress, {"edr": {"billable_agents_count": 42, **counts}})

    assert read[Product.EDR] == Reading(
        Product.EDR, 42, unresponsive=unresponsive, outdated=outdated
    )


@pytest.mark.parametrize("usages", [None, "", {}, [], {"ispm": []}])
def test_a_product_that_is_not_named_has_no_reading(
    server: ScriptedServer, huntress: HuntressClient, usages: object
) -> None:
    assert readings(server, huntress, usages) == {}


@pytest.mark.parametrize(
    ("count", "units"), [(0, 0), (12, 12), (12.0, 12), ("12", 12), ("12.0", 12)]
)
def test_whole_numbers_are_taken_in_every_spelling(
    server: ScriptedServer, huntress: HuntressClient, count: object, units: int
) -> None:
    found = readings(server, huntress, {"sat": {"learners_count": count}})

    assert found[Product.SAT].units == units


@pytest.mark.parametrize("count", [None, -1, 1.5, "", "many", True, [], {}, "1,000", 1e300])
def test_a_count_that_is_none_is_unknown_and_not_zero(
    server: ScriptedServer, huntress: HuntressClient, count: object
) -> None:
    found = readings(server, huntress, {"edr": {"billable_agents_count": count}, "sat": None})

    assert (found[Product.EDR].units, found[Product.SAT].units) == (None, None)
    assert "not a whole number" in found[Product.EDR].unknown
    assert "no learners_count" in found[Product.SAT].unknown


@pytest.mark.parametrize("usages", ["{broken", "[1]", 5, [USAGES]])
def test_usage_that_cannot_be_read_makes_every_product_unknown(
    server: ScriptedServer, huntress: HuntressClient, usages: object
) -> None:
    found = readings(server, huntress, usages)

    assert set(found) == set(Product)
    assert all(reading.units is None and reading.unknown for reading in found.values())


@pytest.mark.parametrize(
    "tenants",
    [
        [{"identity_provider_tenant_id": "a", "billable_identities_count": 5}, {}],
        [{"identity_provider_tenant_id": "a", "billable_identities_count": 5}, None],
        [{"identity_provider_tenant_id": "a", "billable_identities_count": 5}] * 2,
    ],
)
def test_one_unclear_identity_provider_makes_the_sum_unknown(
    server: ScriptedServer, huntress: HuntressClient, tenants: object
) -> None:
    found = readings(server, huntress, {"itdr": tenants, "sat": {"learners_count": 1}})

    assert found[Product.ITDR].units is None
    assert found[Product.ITDR].unknown
    assert found[Product.SAT].units == 1


def test_a_product_this_version_does_not_know_is_named():
    assert unrecognized({"edr": {"billable_agents_count": 1}, "xdr": {"count": 3}}) == ("xdr",)
    assert unrecognized('{"xdr": 3}') == ("xdr",)
    assert unrecognized(None) == unrecognized("nonsense") == ()
