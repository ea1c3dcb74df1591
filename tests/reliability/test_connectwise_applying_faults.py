"""ConnectWise fails after the plan is made: companies wait, and only right rows are written."""

from dataclasses import replace

import pytest

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER_EDR
from tests.reliability.faults import Trouble, When, live_through
from tests.reliability.vendor_troubles import (
    DOWN,
    FIREWALL,
    connectwise,
    hides_wrong_keys_behind_404,
    knows_the_keys,
    refusing,
    rejects_the_keys,
    retires_the_version,
    saying,
    serves_the_version,
)

ADDITION, AGREEMENT = f"/additions/{ALDER_EDR}$", "/agreements/3010$"


def is_upgraded(stack: LocalStack) -> None:
    """The cloud moves the API to another place; the old one answers 404."""
    stack.connectwise.codebase = "v2025_2/"


def is_upgraded_before_the_write(stack: LocalStack) -> None:
    stack.connectwise.before("PATCH", "", lambda _: is_upgraded(stack))


def answers_with_another_addition(stack: LocalStack) -> None:
    connectwise(ADDITION, **saying(stack.connectwise.state.additions[301003]))(stack)


def answers_with_another_agreement(stack: LocalStack) -> None:
    connectwise(AGREEMENT, **saying(stack.connectwise.state.agreements[3030]))(stack)


APPLYING = (
    Trouble("401-while-applying", rejects_the_keys, knows_the_keys, message="Check login_company"),
    Trouble(
        "404-for-wrong-keys-while-applying",
        hides_wrong_keys_behind_404,
        knows_the_keys,
        message="the company or the keys are wrong",
    ),
    Trouble(
        "version-retired-while-applying",
        retires_the_version,
        serves_the_version,
        message="Set api_version",
    ),
    Trouble(
        "403-as-html-while-applying",
        connectwise("", **FIREWALL, method=""),
        message="Something in front of ConnectWise",
    ),
    Trouble(
        "503-as-html-while-applying",
        connectwise(ADDITION, **DOWN, body="<html>down</html>", content_type="text/html"),
        message="maintenance page",
    ),
    Trouble("503-while-applying", connectwise(ADDITION, **DOWN), message="applying"),
    Trouble("429-while-applying", connectwise(ADDITION, **refusing(429)), message="applying"),
    Trouble("null-for-an-addition", connectwise(ADDITION, **saying(None)), message="applying"),
    Trouble("list-for-an-addition", connectwise(ADDITION, **saying([])), message="applying"),
    Trouble("another-addition", answers_with_another_addition, message="applying"),
    Trouble("another-agreement", answers_with_another_agreement, message="applying"),
    Trouble(
        "nothing-in-an-addition",
        connectwise(ADDITION, **saying({})),
        message="without an id cannot be used",
        verdict=Verdict.ATTENTION,
        reasons={ALDER_EDR: Reason.REFUSED},
    ),
    Trouble("upgrade-while-applying", is_upgraded),
    Trouble(
        "upgrade-before-a-write",
        is_upgraded_before_the_write,
        message="answered 404",
        verdict=Verdict.ATTENTION,
        reasons={ALDER_EDR: Reason.REFUSED},
    ),
)
TROUBLES = tuple(replace(each, when=When.BEFORE_APPLYING) for each in APPLYING)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_applying_waits_for_better_times_and_loses_nothing(trouble: Trouble) -> None:
    live_through(trouble)
