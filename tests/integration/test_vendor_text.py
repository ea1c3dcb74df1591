"""What a vendor's text may carry into our messages: no credentials, nothing that breaks a line."""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from billing_sync.adapters.aws.secrets import ConnectWiseCredentials, HuntressCredentials
from billing_sync.adapters.connectwise.client import ConnectWiseClient
from billing_sync.adapters.http.vendor_text import VendorText
from billing_sync.adapters.huntress.client import HuntressClient
from billing_sync.domain.errors import BillingSyncError
from billing_sync.domain.plan.reasons import Reason
from tests.integration.connectwise_script import API, COMPANY_INFO
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.scripted_server import Reply, ScriptedServer, StandStill
from tests.integration.small_world import ALDER, ALDER_EDR
from tools.sandbox.vendors.faults import Fault, FaultKind

PUBLIC, PRIVATE = "Qz7RkWm2Xv9TbN4c", "Lw/8Jd+Gh=3Pf0&Sy"
CLIENT_ID = "5ce7a1d0-9b1f-4c33-8d0e-0f1e2d3c4b5a"
API_KEY, API_SECRET = "hk_9f8e7d6c5b4a39281706", "hs-Zq+3/Tt8==Yw1vUx5s"
LOGIN = base64.b64encode(f"acme+{PUBLIC}:{PRIVATE}".encode()).decode()
HUNTRESS_LOGIN = base64.b64encode(f"{API_KEY}:{API_SECRET}".encode()).decode()
CANARIES = (PUBLIC, PRIVATE, CLIENT_ID, API_KEY, API_SECRET, LOGIN, HUNTRESS_LOGIN)
FRAGMENT = 6  # characters; fewer show nothing
STATUSES = (301, 400, 401, 403, 404, 407, 409, 418, 422, 429, 500, 503)
Spelling = Callable[[str], str]


def escaped(text: str, form: str) -> str:
    """The text with its punctuation as numbers, as .NET writes it in JSON and HTML."""
    return "".join(each if each.isalnum() else form.format(ord(each)) for each in text)


SPELLINGS: dict[str, Spelling] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "URL-encoded": lambda text: quote(text, safe=""),
    "URL-encoded in part": lambda text: quote(text, safe="/=").lower(),
    "escaped for JSON": lambda text: escaped(text, "\\u{:04X}"),
    "escaped for HTML": lambda text: escaped(text, "&#{};"),
    "escaped for HTML by hexadecimals": lambda text: escaped(text, "&#x{:x};"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 inside": lambda text: base64.b64encode(f"key: {text};".encode()).decode(),
    "base64 URL-encoded": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
}


def shown(text: str) -> list[str]:
    """The fragments of the canaries that a text shows, in any spelling."""
    folded = text.casefold()
    spelt = [full.casefold() for canary in CANARIES for full in every_spelling(canary)]
    starts = ((full, at) for full in spelt for at in range(len(full) - FRAGMENT + 1))
    return [full[at : at + FRAGMENT] for full, at in starts if full[at : at + FRAGMENT] in folded]


def every_spelling(canary: str) -> list[str]:
    """The canary in each spelling, without what is beside it there."""
    texts = {name: spelling(canary) for name, spelling in SPELLINGS.items()}
    inside = texts.pop("base64 inside")[8:-6]
    return [*texts.values(), inside]


def every_reply(echo: str) -> list[Reply]:
    """The echo in each place of a reply, of each status, also across the length of a message."""
    body: dict[str, object] = {"message": f"{'x' * 283} {echo} and {echo}"}
    nested = {"code": "Security", "errors": [{"message": echo, "field": echo}], "error": [echo]}
    places = [
        {"body": body},
        {"body": nested},
        {"raw": f"{'y' * 290}{echo}".encode(), "content_type": "text/plain"},
        {"raw": f"Authorization: Basic {echo}\r\n".encode(), "content_type": ""},
        {"raw": f"<html>{echo}".encode(), "content_type": f"text/html; {echo}"},
        {"headers": {"Location": f"https://{echo}.example/{echo}"}},
        {"headers": {"Location": f"/{echo}", "api-current-version": echo}},
    ]
    refusals = [Reply(**{"status": status, **place}) for status in STATUSES for place in places]
    unusable = [
        Reply(raw=f"not JSON {echo}".encode()),
        Reply(raw=echo.encode(), content_type=f"text/{echo}"),
        Reply({}, content_type=f"text/plain; {'z' * 90} {echo}"),
        Reply([{"id": echo, "quantity": echo}]),
        Reply({"id": echo, "_info": {"updatedBy": echo}, echo: echo}),
    ]
    return [*refusals, *unusable]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_reply_of_connectwise_brings_credentials_into_a_message(
    server: ScriptedServer, spelling: str
) -> None:
    credentials = ConnectWiseCredentials(
        server.url, "acme", PUBLIC, PRIVATE, CLIENT_ID, calls_per_minute=60_000
    )
    client = ConnectWiseClient(credentials, timing=StandStill(left=8).timing, allow_loopback=True)
    server.on(COMPANY_INFO, Reply({"Codebase": "v2025_1/"}))
    messages = []
    for canary in (PUBLIC, PRIVATE, CLIENT_ID, LOGIN):
        for reply in every_reply(SPELLINGS[spelling](canary)):
            server.on(f"GET {API}/finance/agreements/214", reply)
            messages.append(refusal(lambda: client.agreement(214)))

    assert [m for m in messages if shown(m)] == []
    assert all(m.isprintable() and len(m) < 900 for m in messages)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_reply_of_huntress_brings_credentials_into_a_message(
    server: ScriptedServer, still: StandStill, spelling: str
) -> None:
    still.left = 8
    credentials = HuntressCredentials(API_KEY, API_SECRET, server.url, calls_per_minute=60_000)
    client = HuntressClient(credentials, timing=still.timing, allow_loopback=True)
    messages = []
    for canary in (API_KEY, API_SECRET, HUNTRESS_LOGIN):
        for reply in every_reply(SPELLINGS[spelling](canary)):
            server.on("GET /v1/actor", reply)
            messages.append(refusal(client.actor))

    assert [m for m in messages if shown(m)] == []
    assert all(m.isprintable() and len(m) < 900 for m in messages)


@pytest.mark.companies(ALDER)
def test_a_login_repeated_in_a_refusal_reaches_neither_ledger_nor_report_nor_mail(
    stack: LocalStack,
) -> None:
    stack.connectwise.credentials = (f"demo+{PUBLIC}", PRIVATE)
    stack.put_connectwise_secret(public_key=PUBLIC, private_key=PRIVATE)
    login = base64.b64encode(f"demo+{PUBLIC}:{PRIVATE}".encode()).decode()
    body = json.dumps({"message": f"{'x' * 283} {login}"})
    fault = Fault(FaultKind.STATUS, method="PATCH", status=400, body=body, times=0)
    stack.connectwise.add_fault(fault)
    stack.sync()

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert row.reason is Reason.REFUSED and "xxx" in row.message
    kept = str(stack.ledger.scan()["Items"])
    assert "xxx" in kept and shown(kept) == []
    assert shown(str(stack.press({"action": "show", "run_id": run.id}))) == []
    assert shown(stack.report(run.id) + str(stack.notices())) == []


def refusal(call: Callable[[], object]) -> str:
    """The error of a call that is refused; what it returns otherwise."""
    try:
        return repr(call())
    except BillingSyncError as error:
        return str(error)


def test_names_in_a_reply_are_on_one_line_and_in_their_own_direction(
    server: ScriptedServer, still: StandStill
) -> None:
    client = HuntressClient(
        HuntressCredentials(API_KEY, API_SECRET, server.url),
        timing=still.timing,
        allow_loopback=True,
    )
    name = f"Acme\r\n\u202egnp.exe\u2066\u0007 \ud800 {API_KEY} Zoë 東京"
    server.on("GET /v1/organizations/7", Reply({"organization": {"id": 7, "name": name}}))

    assert client.organization(7).organization.name == "Acme gnp.exe    <SECRET> Zoë 東京"


def test_a_header_that_cannot_be_parsed_is_not_logged(
    server: ScriptedServer, still: StandStill, caplog: pytest.LogCaptureFixture
) -> None:
    still.left = 8
    credentials = HuntressCredentials(API_KEY, API_SECRET, server.url)
    client = HuntressClient(credentials, timing=still.timing, allow_loopback=True)
    broken = {"X-Echo": f"a\r\nAuthorization Basic {HUNTRESS_LOGIN}"}
    server.on("GET /v1/actor", Reply({}, 403, headers=broken))

    with caplog.at_level("DEBUG"):
        refusal(client.actor)

    assert shown(caplog.text) == []


def test_a_short_secret_spoils_no_name() -> None:
    text = VendorText(("pub",))

    assert text.data('{"name": "Public House"}') == {"name": "Public House"}
    assert text.message("key pub is unknown") == "key <SECRET> is unknown"
