"""The stand-in for ConnectWise under writes: what changes, and what only says so."""

from datetime import UTC, datetime

import pytest
import requests

from tests.integration.connectwise_caller import Caller
from tools.sandbox.vendors.connectwise import DEMO_CLIENT_ID, ConnectWiseFake
from tools.sandbox.world.build import build_world

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
HARBOUR_EDR = "/finance/agreements/2500/additions/250001"


@pytest.fixture
def fake():
    with ConnectWiseFake(build_world(NOW).connectwise, clock=lambda: NOW) as fake:
        yield fake


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        session.auth = ("demo+pub", "priv")
        session.headers["clientId"] = DEMO_CLIENT_ID
        yield session


@pytest.fixture
def api(fake, session):
    return Caller(session, fake)


def test_a_patch_changes_the_quantity_and_nothing_else(fake, api):
    start = fake.snapshot()
    reply = api.replace(HARBOUR_EDR, "quantity", 63)
    assert (reply.status_code, reply.json()["quantity"]) == (200, 63.0)
    assert reply.json()["_info"] == {
        "lastUpdated": "2026-03-14T15:00:00Z",
        "updatedBy": "BillingSync",
    }
    assert fake.changed_fields_since(start) == {250001: {"quantity"}}
    assert fake.same_elsewhere(start)
    assert [(c.addition_id, c.before, c.after, c.by) for c in fake.quantity_changes] == [
        (250001, 61.0, 63.0, "BillingSync")
    ]


def test_any_change_of_another_field_shows(fake, api):
    start = fake.snapshot()
    api.replace(HARBOUR_EDR, "unitPrice", 9.99)
    assert fake.changed_fields_since(start) == {250001: {"unitPrice"}}
    assert fake.quantity_changes == []


def test_two_saves_within_a_second_still_differ_in_last_updated(fake, api):
    times = {
        api.replace(HARBOUR_EDR, "quantity", quantity).json()["_info"]["lastUpdated"]
        for quantity in (63, 64)
    }
    assert len(times) == 2


@pytest.mark.parametrize("name", ["Quantity", "/quantity", "company/id", "extPrice"])
def test_an_unknown_path_is_a_false_200(fake, api, name):
    start = fake.snapshot()
    reply = api.replace(HARBOUR_EDR, name, 63)
    assert (reply.status_code, reply.json()["quantity"]) == (200, 61.0)
    assert fake.changed_fields_since(start) == {}


@pytest.mark.parametrize(("op", "value"), [("replace", "63"), ("replace", True), ("test", 61)])
def test_a_value_that_is_no_number_and_an_unknown_op_are_400(fake, api, op, value):
    assert api.replace(HARBOUR_EDR, "quantity", value, op=op).status_code == 400
    assert fake.quantity(250001) == 61.0


def test_a_patch_that_is_no_array_is_400(api, session):
    body = {"op": "replace", "path": "quantity", "value": 1}
    assert session.patch(api.base + HARBOUR_EDR, json=body, timeout=5).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/finance/agreements/2500/additions/999999",
        "/finance/agreements/2510/additions/250001",
        "/finance/agreements/999999/additions/250001",
    ],
)
def test_an_addition_is_reached_only_through_its_own_agreement(api, path):
    assert api.get(path).status_code == 404
    assert api.replace(path, "quantity", 1).status_code == 404


def test_other_ways_to_write_do_not_exist(api, session):
    assert session.put(api.base + HARBOUR_EDR, json={}, timeout=5).status_code == 404
    assert session.delete(api.base + HARBOUR_EDR, timeout=5).status_code == 404


def test_a_persons_edit_is_in_the_audit_trail(fake, api):
    fake.edit_addition(250001, by="jmarsh", quantity=60.0)
    trail = api.get("/system/audittrail", type="AgreementAddition", id=250001).json()
    assert [(entry["text"], entry["enteredBy"]) for entry in trail] == [
        ("Quantity changed from 61.00 to 60.00", "jmarsh")
    ]


def test_another_process_can_edit_and_see_what_changed(fake, session):
    side_door = f"{fake.url}/_sandbox"
    edit = {"by": "jmarsh", "quantity": 60.0}
    session.post(f"{side_door}/additions/250001", json=edit, timeout=5).raise_for_status()
    changes = session.get(f"{side_door}/quantity-changes", timeout=5).json()
    fields = session.get(f"{side_door}/changed-fields", timeout=5).json()
    assert [(each["addition_id"], each["after"], each["by"]) for each in changes] == [
        (250001, 60.0, "jmarsh")
    ]
    assert fields == {"250001": ["quantity"]}
