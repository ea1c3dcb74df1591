"""Every kind of fault in Huntress: what cannot be read waits or is unknown, never invented."""

import pytest

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import (
    ALDER_EDR,
    COPPERFIELD_EDR,
    COPPERFIELD_ORGANIZATION,
    COPPERFIELD_SAT,
)
from tests.reliability.faults import FOUR_DAYS, Strike, Trouble, live_through
from tests.reliability.vendor_troubles import (
    DOWN,
    FIREWALL,
    TIMED_OUT,
    huntress,
    refusing,
    saying,
)
from tools.sandbox.vendors.faults import FaultKind

LIST, ONE, ORGANIZATIONS = "/v1/invoices$", "/v1/invoices/5003$", "/v1/organizations$"
DETAIL = f"/v1/organizations/{COPPERFIELD_ORGANIZATION}$"
ALL = (ALDER_EDR, COPPERFIELD_EDR, COPPERFIELD_SAT)
UNKNOWN_COPPERFIELD = dict.fromkeys((COPPERFIELD_EDR, COPPERFIELD_SAT), Reason.UNKNOWN_USAGE)


def rejects_the_keys(stack: LocalStack) -> None:
    stack.huntress.credentials = ("hk_demo", "rotated")


def knows_the_keys(stack: LocalStack) -> None:
    stack.huntress.credentials = ("hk_demo", "hs_demo")


def gives_an_element_twice(stack: LocalStack) -> None:
    """The first page comes with a token that leads to the first page again."""
    page = {"organizations": [stack.huntress.state.organizations[101]]}
    page["pagination"] = {"next_page_token": "YWZ0ZXI6MA=="}
    huntress(ORGANIZATIONS, **{**saying(page), "times": 1})(stack)


def loses_an_element_between_pages(stack: LocalStack) -> None:
    """After the first page an organization is deleted, and the others move up by one."""
    page = {"organizations": [stack.huntress.state.organizations[101]]}
    page["pagination"] = {"next_page_token": "YWZ0ZXI6Mg=="}
    huntress(ORGANIZATIONS, **{**saying(page), "times": 1})(stack)


def answers_with_another_invoice(stack: LocalStack) -> None:
    another = {"invoice": stack.huntress.state.invoices[5002]}
    huntress(ONE, **saying(another))(stack)


def answers_with_another_organization(stack: LocalStack) -> None:
    another = {"organization": stack.huntress.state.organizations[101]}
    huntress(DETAIL, **saying(another))(stack)


LOOKING = (
    Trouble("keys-rejected", rejects_the_keys, knows_the_keys, message="Check api_key"),
    Trouble("403-on-invoices", huntress(LIST, **refusing(403)), message="give it Admin"),
    Trouble("403-as-html", huntress("", **FIREWALL), message="Something in front of Huntress"),
    Trouble("503-on-the-list", huntress(LIST, **DOWN), message="/v1/invoices answered 503"),
    Trouble("no-invoices", huntress(LIST, **saying({"invoices": []})), message="0 invoices seen"),
    Trouble(
        "null-for-invoices", huntress(LIST, **saying(None)), message="without a list of invoices"
    ),
    Trouble(
        "nobody-is-the-actor", huntress("/v1/actor", **saying({})), message="neither an account"
    ),
)
READING = (
    Trouble("404-on-the-invoice", huntress(ONE, **refusing(404)), message="It is gone"),
    Trouble("another-invoice", answers_with_another_invoice, message="answered with 5002"),
    Trouble(
        "400-on-organizations", huntress(ORGANIZATIONS, **refusing(400)), message="answered 400"
    ),
    Trouble(
        "302",
        huntress(DETAIL, FaultKind.REDIRECT, times=0, location="https://elsewhere.example/"),
        message="redirects are not followed",
    ),
    Trouble("null-for-organizations", huntress(ORGANIZATIONS, **saying(None)), message="a list of"),
    Trouble("object-for-organizations", huntress(ORGANIZATIONS, **saying({})), message="a list of"),
    Trouble("text-for-organizations", huntress(ORGANIZATIONS, **saying("")), message="a list of"),
    Trouble("list-for-organizations", huntress(ORGANIZATIONS, **saying([])), message="a list of"),
    Trouble(
        "page-token-loop",
        huntress(
            ORGANIZATIONS,
            **saying({"organizations": [], "pagination": {"next_page_token": "again"}}),
        ),
        message="a page came twice",
    ),
    Trouble("element-on-two-pages", gives_an_element_twice),
    Trouble("connection-reset", huntress(DETAIL, FaultKind.DROP_BEFORE)),
    Trouble("truncated-json", huntress(ORGANIZATIONS, FaultKind.TRUNCATE)),
    Trouble("cut-off-body", huntress(DETAIL, FaultKind.CUT_OFF)),
    Trouble("wrong-content-type", huntress(ONE, FaultKind.CONTENT_TYPE, content_type="text/html")),
    Trouble("slow-drip", huntress(ORGANIZATIONS, FaultKind.DRIP, seconds=0.01)),
)
ONE_ORGANIZATION: tuple[tuple[str, Strike, str], ...] = (
    ("409-on-an-organization", huntress(DETAIL, **refusing(409)), "answered 409"),
    ("429-with-retry-after", huntress(DETAIL, **refusing(429)), "answered 429"),
    (
        "503-as-html",
        huntress(DETAIL, **DOWN, body="<html>down</html>", content_type="text/html"),
        "answered 503: an HTML page",
    ),
    ("500-timed-out", huntress(DETAIL, **refusing(500, body=TIMED_OUT)), "Timeout Expired"),
    ("null-for-an-organization", huntress(DETAIL, **saying(None)), "is not usable"),
    ("nothing-in-an-organization", huntress(DETAIL, **saying({})), "is not usable"),
    ("another-organization", answers_with_another_organization, "answered with 101"),
)
UNREAD = tuple(
    Trouble(name, strikes, message=message, verdict=Verdict.ATTENTION, reasons=UNKNOWN_COPPERFIELD)
    for name, strikes, message in ONE_ORGANIZATION
)
MISSING = (
    Trouble(
        "no-organizations",
        huntress(ORGANIZATIONS, **saying({"organizations": []})),
        verdict=Verdict.ATTENTION,
        reasons=dict.fromkeys(ALL, Reason.UNKNOWN_USAGE),
    ),
    Trouble(
        "short-page",
        huntress(ORGANIZATIONS, FaultKind.SHORT_PAGE),
        verdict=Verdict.ATTENTION,
        reasons=UNKNOWN_COPPERFIELD,
    ),
    Trouble(
        "element-lost-between-pages",
        loses_an_element_between_pages,
        verdict=Verdict.ATTENTION,
        reasons=UNKNOWN_COPPERFIELD,
    ),
    Trouble(
        "down-for-four-days",
        huntress(ORGANIZATIONS, **DOWN),
        lasts=FOUR_DAYS,
        message="answered 503",
        verdict=Verdict.HELD,
        reasons=dict.fromkeys(ALL, Reason.LATE),
    ),
)
TROUBLES = (*LOOKING, *READING, *UNREAD, *MISSING)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_no_count_is_made_up(trouble: Trouble) -> None:
    live_through(trouble)
