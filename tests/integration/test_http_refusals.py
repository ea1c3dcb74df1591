"""What vendors refuse: the class of the error, their own words, and no credentials in them."""

import base64

import pytest

from billing_sync.domain.errors import (
    BillingSyncError,
    Blocked,
    CredentialsRejected,
    Fatal,
    NotFound,
    PermissionDenied,
    Retryable,
)
from tests.integration.plain_vendor import transport_of
from tests.integration.scripted_server import Reply, ScriptedServer, StandStill

CHANGE = [{"op": "replace", "path": "quantity", "value": 3}]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"message": "bad"}, Blocked),
        (400, {"message": "Missing clientId header"}, CredentialsRejected),
        (401, {"code": "Unauthorized"}, CredentialsRejected),
        (403, {"code": "Security", "message": "no permission"}, PermissionDenied),
        (404, {"code": "NotFound"}, NotFound),
        (405, {}, Blocked),
        (422, {"errors": [{"message": "bad"}]}, Blocked),
    ],
)
def test_a_refusal_is_told_by_its_status_and_not_tried_again(
    server: ScriptedServer,
    still: StandStill,
    status: int,
    body: object,
    error: type[BillingSyncError],
) -> None:
    server.on("GET /v1/thing", Reply(body, status))

    with pytest.raises(error, match=rf"Vendor: GET /v1/thing answered {status}") as raised:
        transport_of(server.url, still).get("v1/thing")

    assert type(raised.value) is error
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply({"error": {"message": "inner"}}, 400), "400: inner."),
        (Reply({"errors": ["one", {"message": "two"}]}, 400), "400: one; two."),
        (
            Reply({"message": "invalid", "errors": [{"message": "field x"}]}, 400),
            "400: invalid; field x.",
        ),
        (Reply(raw=b"plain  words\n", status=400), "400: plain words."),
        (Reply(raw=b"<html>", status=404, content_type="text/html"), "404: an HTML page."),
        (Reply({"message": "x" * 999}, 400), f"400: {'x' * 300}."),
        (Reply(raw=b"", status=400), "answered 400."),
    ],
)
def test_the_vendors_own_words_are_found_in_any_shape(
    server: ScriptedServer, still: StandStill, reply: Reply, words: str
) -> None:
    server.on("GET /v1/thing", reply)

    with pytest.raises(Blocked) as raised:
        transport_of(server.url, still).get("v1/thing")

    assert str(raised.value).endswith(f"{words} Do this.")


def test_credentials_that_a_vendor_repeats_are_not_in_the_message(
    server: ScriptedServer, still: StandStill
) -> None:
    login = base64.b64encode(b"the-user:the-password").decode()
    server.on("GET /v1/thing", Reply({"message": f"no: {login}, the-password"}, 401))

    with pytest.raises(CredentialsRejected) as raised:
        transport_of(server.url, still).get("v1/thing")

    assert "no: <SECRET>, <SECRET>" in str(raised.value)


def test_a_redirected_read_is_fatal_and_names_only_the_host(
    server: ScriptedServer, still: StandStill
) -> None:
    elsewhere = {"Location": "https://login.example.com/?token=abc"}
    server.on("GET /v1/thing", Reply({}, 302, headers=elsewhere))

    with pytest.raises(Fatal, match=r"points to login\.example\.com") as raised:
        transport_of(server.url, still).get("v1/thing")

    assert "abc" not in str(raised.value)


def test_a_redirected_write_is_looked_at_again(server: ScriptedServer, still: StandStill) -> None:
    server.on("PATCH /v1/thing", Reply({}, 302, headers={"Location": "/v1/other"}))
    server.on("GET /v1/other", Reply({"id": 7}))

    with pytest.raises(Retryable) as raised:
        transport_of(server.url, still).patch("v1/thing", CHANGE)

    assert raised.value.ambiguous is True
    assert [asked.path for asked in server.asked] == ["/v1/thing"]


@pytest.mark.parametrize(
    "location",
    ["https://[bad/", "https://a:b:c/", "//", "ht tp://x", "\xff\xfe", "http://" + "a" * 300],
)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_redirect_to_an_unreadable_address_is_a_redirect_all_the_same(
    server: ScriptedServer, still: StandStill, method: str, location: str
) -> None:
    server.on(f"{method} /v1/thing", Reply({}, 302, headers={"Location": location}))
    transport = transport_of(server.url, still)

    with pytest.raises(BillingSyncError, match="answered 302") as raised:
        transport.get("v1/thing") if method == "GET" else transport.patch("v1/thing", CHANGE)

    ambiguous = isinstance(raised.value, Retryable) and raised.value.ambiguous
    assert ambiguous is (method == "PATCH")


def test_the_body_of_a_redirect_is_not_read_beyond_the_cap(
    server: ScriptedServer, still: StandStill
) -> None:
    much = Reply(raw=b"x" * (50 * 1024 * 1024 + 1), status=302, headers={"Location": "/v1/other"})
    server.on("GET /v1/thing", much)

    with pytest.raises(Retryable, match="larger than"):
        transport_of(server.url, still).get("v1/thing")


@pytest.mark.parametrize(
    "asked",
    [
        "86400",
        "9" * 400,
        "inf",
        "-1",
        "nan",
        "1e9",
        "\xb2",
        "soon",
        "",
        "Wed, 21 Oct 2026 07:28:00 GMT",
    ],
)
def test_any_retry_after_is_a_wait_of_a_day_at_most(
    server: ScriptedServer, still: StandStill, asked: str
) -> None:
    server.on("GET /v1/thing", Reply({}, 429, headers={"Retry-After": asked}))

    with pytest.raises(Retryable) as raised:
        transport_of(server.url, still).get("v1/thing")

    assert raised.value.retry_after in (30.0, 86400.0)


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 900, b"9" * 5000, b"\xff", b'"\\u12"'],
    ids=["nested", "nested objects", "digits", "bytes", "escape"],
)
def test_a_body_that_is_no_json_leaves_a_write_ambiguous(
    server: ScriptedServer, still: StandStill, body: bytes
) -> None:
    server.on("PATCH /v1/thing", Reply(raw=body))

    with pytest.raises(Retryable, match="not JSON") as raised:
        transport_of(server.url, still).patch("v1/thing", CHANGE)

    assert raised.value.ambiguous


def test_a_number_beyond_all_bounds_spoils_only_itself(
    server: ScriptedServer, still: StandStill
) -> None:
    server.on("GET /v1/thing", Reply(raw=b"[1e9999999999999999999, 1e-9999999999999999999, 7]"))

    answer = transport_of(server.url, still).get("v1/thing")

    assert repr(answer) == "[nan, nan, 7]"


def test_nothing_printed_shows_credentials(server: ScriptedServer, still: StandStill) -> None:
    session = transport_of(server.url, still)

    printed = f"{session!r} {vars(session)['_vendor']!r}"

    assert "the-password" not in printed
    assert "the-user" not in printed
