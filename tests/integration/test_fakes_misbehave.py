"""The stand-ins do wrong exactly what they are asked to do wrong."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest
import requests

from tools.sandbox.vendors.connectwise import DEMO_CLIENT_ID, ConnectWiseFake
from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.world.build import build_world

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
ADDITION = "/v2025_1/apis/3.0/finance/agreements/2500/additions/250001"
ACTOR = "/v1/actor"


@pytest.fixture
def connectwise():
    with ConnectWiseFake(build_world(NOW).connectwise) as fake:
        yield fake


@pytest.fixture
def huntress():
    with HuntressFake(build_world(NOW).huntress, calls_per_minute=0) as fake:
        yield fake


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        session.headers["clientId"] = DEMO_CLIENT_ID
        yield session


def patch(session, fake, quantity, *, timeout=5):
    body = [{"op": "replace", "path": "quantity", "value": quantity}]
    session.auth = ("demo+pub", "priv")
    return session.patch(fake.url + ADDITION, json=body, timeout=timeout, allow_redirects=False)


def ask(session, fake, path=ACTOR, *, timeout=5):
    session.auth = ("hk_demo", "hs_demo")
    return session.get(fake.url + path, timeout=timeout, allow_redirects=False)


def test_a_status_comes_with_its_body_and_headers_and_nothing_is_applied(connectwise, session):
    connectwise.add_fault(
        Fault(FaultKind.STATUS, status=429, body="{}", headers={"Retry-After": "30"})
    )
    reply = patch(session, connectwise, 63)
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "30")
    assert connectwise.quantity_changes == []


def test_a_fault_waits_for_its_call_and_ends_after_its_times(huntress, session):
    huntress.add_fault(Fault(FaultKind.STATUS, method="GET", path="actor$", nth=2, times=2))
    statuses = [ask(session, huntress).status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]


def test_a_fault_without_end_lasts_until_it_is_cleared(huntress, session):
    huntress.add_fault(Fault(FaultKind.STATUS, times=0))
    statuses = [ask(session, huntress).status_code for _ in range(3)]
    huntress.clear_faults()
    assert [*statuses, ask(session, huntress).status_code] == [500, 500, 500, 200]


def test_a_fault_for_another_path_does_not_act(huntress, session):
    huntress.add_fault(Fault(FaultKind.STATUS, path="invoices"))
    assert ask(session, huntress).status_code == 200


@pytest.mark.parametrize(
    ("kind", "quantity"), [(FaultKind.DROP_BEFORE, 61.0), (FaultKind.DROP_AFTER, 63.0)]
)
def test_a_dropped_connection_applies_or_not(connectwise, session, kind, quantity):
    connectwise.add_fault(Fault(kind, method="PATCH"))
    with pytest.raises(requests.ConnectionError):
        patch(session, connectwise, 63)
    assert connectwise.quantity(250001) == quantity
    assert [each.status for each in connectwise.requests] == [0]


@pytest.mark.parametrize(("kind", "shown"), [(FaultKind.IGNORE, 61.0), (FaultKind.LIE, 63.0)])
def test_a_200_that_changes_nothing_shows_the_old_or_the_new_value(
    connectwise, session, kind, shown
):
    connectwise.add_fault(Fault(kind, method="PATCH"))
    reply = patch(session, connectwise, 63)
    assert (reply.status_code, reply.json()["quantity"]) == (200, shown)
    assert connectwise.quantity(250001) == 61.0


def test_a_late_reply_was_applied_although_the_caller_gave_up(connectwise, session):
    connectwise.add_fault(Fault(FaultKind.LATE_REPLY, seconds=30))
    with pytest.raises(requests.ReadTimeout):
        patch(session, connectwise, 63, timeout=0.2)
    assert connectwise.quantity(250001) == 63.0


def test_a_delayed_write_lands_after_the_caller_gave_up(connectwise, session):
    landed = Event()
    connectwise.after("PATCH", "", lambda _call, _reply: landed.set())
    connectwise.add_fault(Fault(FaultKind.DELAY, seconds=0.8))
    with pytest.raises(requests.ReadTimeout):
        patch(session, connectwise, 63, timeout=0.1)
    at_time_out = connectwise.quantity(250001)
    assert landed.wait(5)
    assert (at_time_out, connectwise.quantity(250001)) == (61.0, 63.0)


def test_a_redirect_names_its_place(connectwise, session):
    connectwise.add_fault(Fault(FaultKind.REDIRECT, location="https://elsewhere.example/"))
    reply = patch(session, connectwise, 63)
    assert (reply.status_code, reply.headers["Location"]) == (302, "https://elsewhere.example/")
    assert connectwise.quantity_changes == []


def test_a_body_can_be_half_json_or_of_another_type_or_cut_off(huntress, session):
    huntress.add_fault(Fault(FaultKind.TRUNCATE))
    huntress.add_fault(Fault(FaultKind.CONTENT_TYPE, content_type="text/html"))
    huntress.add_fault(Fault(FaultKind.CUT_OFF))
    with pytest.raises(requests.exceptions.JSONDecodeError):
        ask(session, huntress).json()
    assert ask(session, huntress).headers["Content-Type"] == "text/html"
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(session, huntress)


def test_a_short_page_lacks_its_last_element_and_says_nothing(huntress, connectwise, session):
    huntress.add_fault(Fault(FaultKind.SHORT_PAGE))
    invoices = ask(session, huntress, "/v1/invoices").json()["invoices"]
    assert [row["id"] for row in invoices] == [5002]
    connectwise.add_fault(Fault(FaultKind.SHORT_PAGE))
    session.auth = ("demo+pub", "priv")
    url = connectwise.url + ADDITION.rpartition("/")[0]
    assert [row["id"] for row in session.get(url, timeout=5).json()] == [250001, 250002]


def test_a_dripping_reply_arrives_whole_and_late(huntress, session):
    huntress.add_fault(Fault(FaultKind.DRIP, seconds=0.02))
    started = time.monotonic()
    reply = ask(session, huntress, "/v1/invoices/5001")
    assert reply.json()["invoice"]["id"] == 5001
    assert time.monotonic() - started > 0.06


def test_a_person_can_edit_at_the_very_moment_of_a_call(connectwise, session):
    connectwise.before("PATCH", "250001", lambda _: connectwise.edit_addition(250001, quantity=50))
    patch(session, connectwise, 63)
    assert [(each.before, each.after) for each in connectwise.quantity_changes] == [
        (61.0, 50),
        (50, 63.0),
    ]


def test_four_callers_at_once_get_answers_in_milliseconds(connectwise):
    def hundred_reads(_):
        with requests.Session() as session:
            session.trust_env = False
            session.auth, session.headers["clientId"] = ("demo+pub", "priv"), DEMO_CLIENT_ID
            replies = [session.get(connectwise.url + ADDITION, timeout=5) for _ in range(100)]
            return {reply.status_code for reply in replies}

    started = time.monotonic()
    with ThreadPoolExecutor(4) as callers:
        assert list(callers.map(hundred_reads, range(4))) == [{200}] * 4
    assert len(connectwise.requests) == 400
    assert time.monotonic() - started < 20


def test_stopping_ends_connections_that_were_kept_alive(session):
    with HuntressFake(build_world(NOW).huntress) as fake:
        assert ask(session, fake).status_code == 200
    with pytest.raises(requests.ConnectionError):
        ask(session, fake)
