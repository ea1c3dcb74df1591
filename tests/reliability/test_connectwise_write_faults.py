"""Every kind of fault in ConnectWise's writes: at most one effect, reported truthfully."""

from dataclasses import replace

import pytest

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER_EDR
from tests.reliability.deliveries import MINUTE
from tests.reliability.faults import Strike, Trouble, When, live_through
from tests.reliability.vendor_troubles import FIREWALL, TIMED_OUT, connectwise, refusing
from tools.sandbox.vendors.faults import FaultKind
from tools.sandbox.vendors.messages import Reply


def write(kind: FaultKind = FaultKind.STATUS, **fields: object) -> Strike:
    """The write to one addition fails, once by default."""
    return connectwise(f"/additions/{ALDER_EDR}$", kind, method="PATCH", **fields)


def edit_level(level: str) -> Strike:
    def change(stack: LocalStack) -> None:
        stack.connectwise.state.security[0]["editLevel"] = level

    return change


def answers_with_another_addition(stack: LocalStack) -> None:
    body = Reply.as_json(stack.connectwise.state.additions[301003]).body.decode()
    write(status=200, body=body)(stack)


UNCLEAR = (
    Trouble("401-once", write(status=401, body='{"code": "Unauthorized"}')),
    Trouble("409-once", write(status=409, headers={"Retry-After": "40"})),
    Trouble("429-with-retry-after", write(status=429, headers={"Retry-After": "40"})),
    Trouble("429-without-retry-after", write(status=429)),
    Trouble("500-timed-out", write(status=500, body=TIMED_OUT)),
    Trouble("503-as-html", write(status=503, body="<html>down", content_type="text/html")),
    Trouble("302", write(FaultKind.REDIRECT, location="https://elsewhere.example/")),
    Trouble("connection-reset-before", write(FaultKind.DROP_BEFORE)),
    Trouble("connection-reset-after", write(FaultKind.DROP_AFTER)),
    Trouble("truncated-json", write(FaultKind.TRUNCATE)),
    Trouble("cut-off-body", write(FaultKind.CUT_OFF)),
    Trouble("wrong-content-type", write(FaultKind.CONTENT_TYPE, content_type="text/html")),
    Trouble("slow-drip", write(FaultKind.DRIP, seconds=0.01)),
    Trouble("null", write(status=200, body="null")),
    Trouble("nothing-in-it", write(status=200, body="{}")),
    Trouble("text", write(status=200, body='""')),
    Trouble("list", write(status=200, body="[]")),
    Trouble("another-addition", answers_with_another_addition),
)
LASTING = (
    Trouble("403-as-html", write(**FIREWALL), message="Something in front of ConnectWise"),
    Trouble("401", write(**refusing(401)), message="Check login_company"),
    Trouble("403", edit_level("None"), edit_level("All"), message="Edit Level All"),
    Trouble("429", write(**refusing(429)), message="applying"),
    Trouble(
        "400",
        write(status=400, body='{"message": "quantity is locked by an invoice"}'),
        message="quantity is locked by an invoice",
        verdict=Verdict.ATTENTION,
        reasons={ALDER_EDR: Reason.REFUSED},
    ),
    Trouble(
        "404",
        write(status=404, body='{"code": "NotFound"}'),
        message="answered 404",
        verdict=Verdict.ATTENTION,
        reasons={ALDER_EDR: Reason.REFUSED},
    ),
    Trouble(
        "never-lands",
        write(FaultKind.DROP_BEFORE, times=0),
        lasts=(5 * MINUTE,) * 6,
        message="did not take 25 in 5 attempts",
        verdict=Verdict.FAILED,
        reasons={ALDER_EDR: Reason.TOO_MANY_ATTEMPTS},
    ),
    Trouble(
        "200-without-applying",
        write(FaultKind.IGNORE),
        message="accepted 25 but still holds 24",
        verdict=Verdict.FAILED,
        reasons={ALDER_EDR: Reason.ACCEPTED_BUT_UNCHANGED},
    ),
    Trouble(
        "200-lying",
        write(FaultKind.LIE),
        message="accepted 25 but still holds 24",
        verdict=Verdict.FAILED,
        reasons={ALDER_EDR: Reason.ACCEPTED_BUT_UNCHANGED},
    ),
)
TROUBLES = tuple(replace(each, when=When.BEFORE_APPLYING) for each in (*UNCLEAR, *LASTING))


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_a_write_has_one_effect_and_is_told_truly(trouble: Trouble) -> None:
    live_through(trouble)
