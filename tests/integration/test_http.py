"""The transport both vendors share: what it sends, tries again and never does twice."""

import base64
import socket
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from billing_sync.adapters.http.transport import USER_AGENT
from billing_sync.domain.errors import Retryable
from tests.integration.plain_vendor import transport_of
from tests.integration.scripted_server import Reply, ScriptedServer, StandStill

CHANGE = [{"op": "replace", "path": "quantity", "value": 3}]


def test_a_read_says_who_asks_and_returns_exact_decimals(
    server: ScriptedServer, still: StandStill
) -> None:
    server.on("GET /v1/thing", Reply(raw=b'{"price": 0.10, "count": 3}'))

    answer = transport_of(server.url, still).get("v1/thing", {"limit": 500})

    assert answer == {"price": Decimal("0.10"), "count": 3}
    asked = server.asked[0]
    login = base64.b64encode(b"the-user:the-password").decode()
    assert asked.headers["authorization"] == f"Basic {login}"
    assert asked.headers["user-agent"] == USER_AGENT
    assert asked.query == {"limit": "500"}


def test_the_user_agent_carries_the_version_of_the_project() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert f"{project['name']}/{project['version']}" == USER_AGENT


def test_proxies_and_passwords_from_the_environment_are_not_used(
    server: ScriptedServer, still: StandStill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.on("GET /v1/thing", Reply({"direct": True}))

    assert transport_of(server.url, still).get("v1/thing") == {"direct": True}


def test_an_unauthenticated_read_carries_no_credentials(
    server: ScriptedServer, still: StandStill
) -> None:
    server.on("GET /login", Reply({}))

    transport_of(server.url, still).get("login", authenticated=False)

    assert "authorization" not in server.asked[0].headers


def test_cookies_are_not_carried_to_the_next_call(
    server: ScriptedServer, still: StandStill
) -> None:
    server.on("GET /v1/thing", Reply({}, headers={"Set-Cookie": "session=1; Path=/"}))
    session = transport_of(server.url, still)

    session.get("v1/thing")
    session.get("v1/thing")

    assert "cookie" not in server.asked[1].headers


PASSING = [
    Reply({"message": "busy"}, 500),
    Reply({"message": "busy"}, 503),
    Reply({"message": "slow"}, 408),
    Reply({"error": "ConnectWiseAPI", "message": "Too many requests"}, 429),
    Reply(hang_up=True),
    Reply(raw=b"<html>", content_type="text/html"),
    Reply(raw=b"[1, 2"),
    Reply(raw=b"[1]", promised=100),
    Reply(raw=b""),
]


@pytest.mark.parametrize("failure", PASSING)
def test_a_read_in_passing_trouble_is_tried_again(
    server: ScriptedServer, still: StandStill, failure: Reply
) -> None:
    server.on("GET /v1/thing", failure, Reply({"id": 7}))

    assert transport_of(server.url, still).get("v1/thing") == {"id": 7}
    assert len(server.asked) == 2


@pytest.mark.parametrize("failure", PASSING)
def test_a_write_is_never_sent_twice(
    server: ScriptedServer, still: StandStill, failure: Reply
) -> None:
    server.on("PATCH /v1/thing", failure, Reply({"id": 7}))

    with pytest.raises(Retryable) as raised:
        transport_of(server.url, still).patch("v1/thing", CHANGE)

    assert len(server.asked) == 1
    assert raised.value.ambiguous is (failure.status != 429)


def test_a_read_by_post_is_tried_again_like_any_read(
    server: ScriptedServer, still: StandStill
) -> None:
    server.on("POST /v1/bundle", Reply({}, 502), Reply({"results": []}))

    assert transport_of(server.url, still).post_read("v1/bundle", {"requests": []}) == {
        "results": []
    }
    assert server.asked[1].json() == {"requests": []}


def test_a_write_that_never_left_this_machine_is_not_ambiguous(still: StandStill) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(Retryable) as raised:
            transport_of(nobody, still).patch("v1/thing", CHANGE)

    assert raised.value.ambiguous is False


def test_a_read_gives_up_after_five_attempts(server: ScriptedServer, still: StandStill) -> None:
    server.on("GET /v1/thing", Reply({"message": "busy"}, 500))

    with pytest.raises(Retryable, match=r"GET /v1/thing answered 500: busy\. Do this\."):
        transport_of(server.url, still).get("v1/thing")

    assert len(server.asked) == 5


def test_retry_after_is_honoured_where_it_fits_the_time_left(
    server: ScriptedServer, still: StandStill
) -> None:
    server.on("GET /v1/thing", Reply({}, 429, headers={"Retry-After": "40"}), Reply({"id": 7}))

    assert transport_of(server.url, still).get("v1/thing") == {"id": 7}
    assert still.slept == [40.0]


def test_retry_after_beyond_the_time_left_is_handed_back(server: ScriptedServer) -> None:
    still = StandStill(left=45)
    server.on("GET /v1/thing", Reply({}, 429, headers={"Retry-After": "40"}), Reply({"id": 7}))

    with pytest.raises(Retryable) as raised:
        transport_of(server.url, still).get("v1/thing")

    assert raised.value.retry_after == 40.0
    assert (still.slept, len(server.asked)) == ([], 1)


def test_a_write_is_not_begun_when_it_could_be_cut_short(server: ScriptedServer) -> None:
    with pytest.raises(Retryable, match="too little time") as raised:
        transport_of(server.url, StandStill(left=12)).wait_to_write()

    assert raised.value.ambiguous is False
    assert server.asked == []


def test_an_answer_larger_than_the_cap_is_refused(
    server: ScriptedServer, still: StandStill
) -> None:
    server.on("PATCH /v1/thing", Reply(raw=b" " * (50 * 1024 * 1024 + 1)))

    with pytest.raises(Retryable, match="larger than"):
        transport_of(server.url, still).patch("v1/thing", CHANGE)


def test_calls_are_spread_over_the_minute(server: ScriptedServer, still: StandStill) -> None:
    server.on("GET /v1/thing", Reply({}))
    session = transport_of(server.url, still, calls_per_minute=60)

    for _ in range(4):
        session.get("v1/thing")

    assert still.slept == [1.0, 1.0, 1.0]
