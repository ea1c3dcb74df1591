"""Usage that makes no sense: a missing count is never zero, and clear counts are billed."""

import pytest

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER_EDR, ALDER_ORGANIZATION
from tests.reliability.faults import Strike, Trouble, live_through

ALDERS = (ALDER_EDR, 301003, 301004, 301005)


def counts(**usages: object) -> Strike:
    """Huntress's usage of Alder by product; None removes the product."""
    return lambda stack: stack.huntress.set_usages(ALDER_ORGANIZATION, usages)


def agents(count: object) -> Strike:
    return counts(edr={"billable_agents_count": count})


def usage_is(usages: object) -> Strike:
    def change(stack: LocalStack) -> None:
        stack.huntress.state.actual_usages[ALDER_ORGANIZATION] = usages  # type: ignore[assignment]

    return change


def organization(**fields: object) -> Strike:
    return lambda stack: stack.huntress.state.organizations[ALDER_ORGANIZATION].update(fields)


def leaves_huntress(stack: LocalStack) -> None:
    del stack.huntress.state.organizations[ALDER_ORGANIZATION]


def invoice(**fields: object) -> Strike:
    return lambda stack: stack.huntress.edit_invoice(5003, fields)


def unknown(name: str, strikes: Strike, *additions: int) -> Trouble:
    """A trouble that leaves usage unknown: its rows are not written and need attention."""
    reasons = dict.fromkeys(additions or (ALDER_EDR,), Reason.UNKNOWN_USAGE)
    return Trouble(name, strikes, verdict=Verdict.ATTENTION, reasons=reasons)


TROUBLES = (
    unknown("negative-count", agents(-1)),
    unknown("fractional-count", agents(24.5)),
    unknown("huge-count", agents(10**12)),
    unknown("word-for-a-count", agents("many")),
    unknown("null-count", agents(None)),
    unknown("truth-for-a-count", agents(True)),
    unknown("text-for-a-product", counts(edr="25")),
    unknown("broken-text-for-usage", usage_is("{broken"), *ALDERS),
    unknown("list-for-usage", usage_is([1]), *ALDERS),
    unknown("product-renamed", counts(edr=None, endpoint={"billable_agents_count": 25})),
    unknown("organization-gone", leaves_huntress, *ALDERS),
    Trouble("count-as-text", agents(" 25 ")),
    Trouble("count-with-a-point", agents(25.0)),
    Trouble("usage-as-text", lambda stack: stack.huntress.state.usages_as_text.add(101)),
    Trouble("new-product", counts(xdr={"count": 4}), message="'xdr'", verdict=Verdict.ATTENTION),
    Trouble("organization-renamed", organization(name="Alder, Finch & Co")),
    Trouble("organization-name-twice", organization(name="Copperfield Foods")),
    Trouble("invoice-plan-unknown", invoice(plan="Huntress Managed Everything")),
    Trouble("invoice-without-amounts", invoice(quantity=None, amount=None, currency_type=None)),
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_no_usage_is_made_up(trouble: Trouble) -> None:
    live_through(trouble)
