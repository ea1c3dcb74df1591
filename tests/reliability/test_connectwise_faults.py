"""Every kind of fault in ConnectWise's reads: nothing is written from incomplete reads."""

import pytest

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER_EDR, COPPERFIELD_EDR, COPPERFIELD_SAT
from tests.reliability.faults import Strike, Trouble, live_through
from tests.reliability.vendor_troubles import (
    DOWN,
    FIREWALL,
    TIMED_OUT,
    both,
    connectwise,
    hides_wrong_keys_behind_404,
    knows_the_keys,
    refusing,
    rejects_the_keys,
    retires_the_version,
    saying,
    serves_the_version,
)
from tools.sandbox.vendors.faults import FaultKind

COUNT, AGREEMENTS, CATALOG = "/agreements/count$", "/finance/agreements$", "/catalog/101$"
BUNDLES, WHERE, ALDERS = "/system/bundles", "/login/companyinfo/", "/agreements/3010/additions$"
POST = {"method": "POST"}
NO_AGREEMENT = dict.fromkeys((ALDER_EDR, COPPERFIELD_EDR, COPPERFIELD_SAT), Reason.NO_AGREEMENT)


def allows(level: str) -> Strike:
    """The role's right to see agreements; "My" shortens lists and counts without an error."""

    def change(stack: LocalStack) -> None:
        stack.connectwise.state.security[0]["inquireLevel"] = level

    return change


def names_another_catalog_item(stack: LocalStack) -> None:
    connectwise(CATALOG, **saying(stack.connectwise.state.catalog[102]))(stack)


PLANNING = (
    Trouble("401", rejects_the_keys, knows_the_keys, message="Check login_company"),
    Trouble("403-on-agreements", allows("None"), allows("All"), message="Inquire Level All"),
    Trouble(
        "404-for-wrong-keys",
        hides_wrong_keys_behind_404,
        knows_the_keys,
        message="the company or the keys are wrong",
    ),
    Trouble("version-retired", retires_the_version, serves_the_version, message="Set api_version"),
    Trouble(
        "403-as-html",
        connectwise("", **FIREWALL, method=""),
        message="Something in front of ConnectWise",
    ),
    Trouble("unknown-company", connectwise(WHERE, **saying(None)), message="correct login_company"),
    Trouble("400-on-agreements", connectwise(AGREEMENTS, **refusing(400)), message="answered 400"),
    Trouble("409-on-agreements", connectwise(AGREEMENTS, **refusing(409)), message="answered 409"),
    Trouble(
        "429-with-retry-after",
        connectwise(BUNDLES, **refusing(429), **POST),
        message="answered 429",
    ),
    Trouble(
        "503-as-html",
        connectwise(COUNT, **DOWN, body="<html>down</html>", content_type="text/html"),
        message="answered 503: an HTML page",
    ),
    Trouble(
        "500-timed-out",
        connectwise(BUNDLES, **refusing(500, body=TIMED_OUT), **POST),
        message="Timeout Expired",
    ),
    Trouble(
        "302",
        connectwise(AGREEMENTS, FaultKind.REDIRECT, times=0, location="https://elsewhere.example/"),
        message="redirects are not followed",
    ),
    Trouble(
        "null-for-agreements", connectwise(AGREEMENTS, **saying(None)), message="without a list"
    ),
    Trouble(
        "object-for-agreements", connectwise(AGREEMENTS, **saying({})), message="without a list"
    ),
    Trouble("text-for-agreements", connectwise(AGREEMENTS, **saying("")), message="without a list"),
    Trouble(
        "texts-for-agreements", connectwise(AGREEMENTS, **saying(["x"])), message="without a list"
    ),
    Trouble("null-for-a-count", connectwise(COUNT, **saying(None)), message="without a count"),
    Trouble("text-for-a-count", connectwise(COUNT, **saying({"count": "2"})), message="a count"),
    Trouble("truth-for-a-count", connectwise(COUNT, **saying({"count": True})), message="a count"),
    Trouble("too-high-a-count", connectwise(COUNT, **saying({"count": 3})), message="2 of 3 came"),
    Trouble("no-agreements", connectwise(AGREEMENTS, **saying([])), message="0 of 2 came"),
    Trouble("null-for-an-item", connectwise(CATALOG, **saying(None)), message="than a record"),
    Trouble("nothing-in-an-item", connectwise(CATALOG, **saying({})), message="cannot be used"),
    Trouble("another-item", names_another_catalog_item, message="asked for catalog item 101"),
    Trouble("null-for-a-bundle", connectwise(BUNDLES, **saying(None), **POST)),
    Trouble("list-for-a-bundle", connectwise(BUNDLES, **saying([]), **POST)),
    Trouble("empty-bundle", connectwise(BUNDLES, **saying({"results": []}), **POST)),
    Trouble("part-missing-in-a-bundle", connectwise(BUNDLES, FaultKind.SHORT_PAGE, **POST)),
    Trouble(
        "null-for-additions",
        both(
            connectwise(BUNDLES, **saying(None), **POST),
            connectwise(ALDERS, **saying(None)),
        ),
        message="without a list",
    ),
    Trouble(
        "short-page-of-additions",
        both(
            connectwise(BUNDLES, **saying(None), **POST),
            connectwise(ALDERS, FaultKind.SHORT_PAGE, times=0),
        ),
        message="4 of 5 came",
    ),
    Trouble("connection-reset", connectwise(AGREEMENTS, FaultKind.DROP_BEFORE)),
    Trouble("truncated-json", connectwise(BUNDLES, FaultKind.TRUNCATE, **POST)),
    Trouble("cut-off-body", connectwise(AGREEMENTS, FaultKind.CUT_OFF)),
    Trouble(
        "wrong-content-type",
        connectwise(CATALOG, FaultKind.CONTENT_TYPE, content_type="text/html"),
    ),
    Trouble("slow-drip", connectwise(BUNDLES, FaultKind.DRIP, seconds=0.01, **POST)),
    Trouble("codebase-unknown", connectwise(WHERE, **saying({"Codebase": "NotReal"}))),
)
NARROWED = (
    Trouble(
        "role-my",
        allows("My"),
        allows("All"),
        verdict=Verdict.ATTENTION,
        reasons=NO_AGREEMENT,
    ),
    Trouble(
        "nothing-and-a-count-of-nothing",  # our earlier additions are read one by one
        both(
            connectwise(COUNT, **saying({"count": 0})),
            connectwise(AGREEMENTS, **saying([])),
        ),
    ),
)
TROUBLES = (*PLANNING, *NARROWED)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_nothing_is_written_from_half_a_picture(trouble: Trouble) -> None:
    live_through(trouble)
