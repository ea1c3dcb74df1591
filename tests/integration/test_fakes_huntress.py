"""The stand-in for Huntress over HTTP, against what its documentation and its users say."""

import json
from datetime import UTC, datetime

import pytest
import requests

from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.world.build import build_world

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
AUTH = ("hk_demo", "hs_demo")


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        session.auth = AUTH
        yield session


@pytest.fixture
def fake():
    with HuntressFake(build_world(NOW).huntress, calls_per_minute=0) as fake:
        yield fake


@pytest.fixture
def reseller():
    with HuntressFake(build_world(NOW, reseller=True).huntress, calls_per_minute=0) as fake:
        fake.add_invoice(build_world(NOW).new_invoice())
        yield fake


def everything(session, url, name, **query):
    rows, token = [], None
    while True:
        params = {**query, "page_token": token} if token else query
        page = session.get(url, params=params, timeout=5).json()
        rows += page[name]
        token = page["pagination"].get("next_page_token")
        if not token:
            return rows


def test_wrong_credentials_are_401_as_json(fake, session):
    session.auth = ("hk_demo", "wrong")
    reply = session.get(f"{fake.url}/v1/actor", timeout=5)
    assert (reply.status_code, reply.json()) == (401, {"error": "Not authenticated"})


def test_the_actor_tells_an_account_from_a_reseller(fake, reseller, session):
    assert "reseller" not in session.get(f"{fake.url}/v1/actor", timeout=5).json()
    assert "account" not in session.get(f"{reseller.url}/v1/actor", timeout=5).json()


def test_pages_hold_ten_rows_newest_first_until_the_token_is_gone(fake, session):
    rows = everything(session, f"{fake.url}/v1/organizations", "organizations")
    ids = [row["id"] for row in rows]
    assert ids == sorted(fake.state.organizations, reverse=True)
    assert len(fake.requests) == -(-len(ids) // 10)


def test_the_last_page_has_a_null_token_at_times_and_none_at_others(fake, session):
    last = [
        session.get(f"{fake.url}/v1/invoices", timeout=5).json()["pagination"] for _ in range(2)
    ]
    assert sorted(last, key=len) == [{}, {"next_page_token": None}]


@pytest.mark.parametrize(
    "query",
    ["limit=501", "limit=0", "sort_field=amount", "sort_direction=up", "status=x", "page_token=x"],
)
def test_a_bad_value_is_400(fake, session, query):
    reply = session.get(f"{fake.url}/v1/invoices?{query}", timeout=5)
    assert reply.status_code == 400


def test_invoices_filter_and_sort(fake, session):
    fake.add_invoice({**build_world(NOW).new_invoice(), "has_usage": False})
    query = {"has_usage": "true", "sort_field": "created_at", "sort_direction": "asc"}
    rows = everything(session, f"{fake.url}/v1/invoices", "invoices", **query)
    assert [row["id"] for row in rows] == [5001, 5002]


def test_a_usage_is_an_object_or_the_same_object_as_text(fake, session):
    def usages(organization_id):
        url = f"{fake.url}/v1/organizations/{organization_id}"
        return session.get(url, timeout=5).json()["organization"]["actual_usages"]

    assert usages(11)["edr"]["billable_agents_count"] == 25
    assert json.loads(usages(12))["edr"]["billable_agents_count"] == 20


def test_usages_change_when_asked_and_a_product_can_go(fake, session):
    fake.set_usages(11, {"edr": {"billable_agents_count": 3}, "siem": None})
    url = f"{fake.url}/v1/organizations/11"
    usages = session.get(url, timeout=5).json()["organization"]["actual_usages"]
    assert (usages["edr"]["billable_agents_count"], "siem" in usages) == (3, False)


@pytest.mark.parametrize("path", ["", "/5003", "/5003/organization_usage_line_items"])
def test_reseller_endpoints_are_403_for_an_account(fake, session, path):
    assert session.get(f"{fake.url}/v1/reseller/invoices{path}", timeout=5).status_code == 403


def test_a_resellers_invoice_has_a_line_for_each_organization(reseller, session):
    url = f"{reseller.url}/v1/reseller/invoices/5003"
    lines = everything(
        session, f"{url}/organization_usage_line_items", "organization_usage_line_items"
    )
    harbour = next(line for line in lines if line["organization"]["id"] == 13)
    assert len(lines) == len(reseller.state.organizations)
    assert harbour["actual_usage"] == {"edr": 18, "itdr": 20, "sat": 18, "siem": 1}


def test_a_reseller_reads_organizations_below_its_accounts(reseller, session):
    accounts = session.get(f"{reseller.url}/v1/accounts", timeout=5).json()["accounts"]
    url = f"{reseller.url}/v1/accounts/{accounts[0]['id']}/organizations"
    rows = everything(session, url, "organizations", limit=500)
    assert {row["id"] for row in rows} == set(reseller.state.organizations)
    assert session.get(f"{reseller.url}/v1/accounts/1/organizations", timeout=5).status_code == 404


def test_nothing_can_be_written(fake, session):
    assert session.post(f"{fake.url}/v1/organizations", json={}, timeout=5).status_code == 405
    assert session.get(f"{fake.url}/v1/organizations/424242", timeout=5).status_code == 404


def test_the_sixty_first_call_within_a_minute_is_429_without_retry_after(session):
    clock = [0.0]
    with HuntressFake(build_world(NOW).huntress, monotonic=lambda: clock[0]) as fake:
        replies = [session.get(f"{fake.url}/v1/actor", timeout=5) for _ in range(61)]
        clock[0] = 60.0
        later = session.get(f"{fake.url}/v1/actor", timeout=5)
    assert [reply.status_code for reply in replies] == [200] * 60 + [429]
    assert "Retry-After" not in replies[60].headers
    assert replies[0].headers["x-huntress-api-call-remaining"] == "59"
    assert later.status_code == 200


def test_another_process_can_look_change_and_make_trouble(fake, session):
    side_door = f"{fake.url}/_sandbox"
    invoice = build_world(NOW).new_invoice()
    session.post(f"{side_door}/invoices", json=invoice, timeout=5).raise_for_status()
    session.post(f"{side_door}/invoices/5003", json={"status": "voided"}, timeout=5)
    session.post(f"{side_door}/organizations/11/usages", json={"siem": None}, timeout=5)
    session.post(f"{side_door}/faults", json={"kind": "status", "status": 503}, timeout=5)
    troubled = session.get(f"{fake.url}/v1/actor", timeout=5)
    state = session.get(f"{side_door}/state", timeout=5).json()
    log = session.get(f"{side_door}/requests", timeout=5).json()
    assert troubled.status_code == 503
    assert state["invoices"]["5003"]["status"] == "voided"
    assert "siem" not in state["actual_usages"]["11"]
    assert [(entry["path"], entry["status"]) for entry in log] == [("/v1/actor", 503)]
    assert "authorization" not in log[0]["headers"]


def test_the_side_door_refuses_what_it_does_not_understand(fake, session):
    bad = session.post(f"{fake.url}/_sandbox/faults", json={"kind": "tantrum"}, timeout=5)
    unknown = session.get(f"{fake.url}/_sandbox/nothing", timeout=5)
    assert (bad.status_code, unknown.status_code) == (400, 404)
    assert "POST /_sandbox/faults" in unknown.json()["routes"]
