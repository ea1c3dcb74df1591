"""Moved, ended or senseless records in ConnectWise, and unusual dates: no wrong bill."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import (
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD,
    COPPERFIELD_EDR,
    COPPERFIELD_SAT,
)
from tests.reliability.faults import Strike, Trouble, When, live_through

AGREEMENT = 3010
ALDERS = (ALDER_EDR, 301003, 301004, 301005)


def invoice(**fields: object) -> Strike:
    return lambda stack: stack.huntress.edit_invoice(5003, fields)


def agreement(**fields: object) -> Strike:
    return lambda stack: stack.connectwise.state.agreements[AGREEMENT].update(fields)


def addition(**fields: object) -> Strike:
    return lambda stack: stack.connectwise.edit_addition(ALDER_EDR, **fields)


def mapped_to(company_id: int) -> Strike:
    sk = f"ORG#{ALDER_ORGANIZATION}"
    return lambda stack: stack.change_item("MAPPING", sk, company_id=company_id)


def only_the_clock(_: LocalStack) -> None:
    """No fault except the date."""


def because(reason: Reason, *additions: int) -> Mapping[int, Reason]:
    return dict.fromkeys(additions or (ALDER_EDR,), reason)


PLACES = (
    Trouble(
        "company-merged",
        agreement(company={"id": COPPERFIELD, "name": "Copperfield Foods"}),
        verdict=Verdict.ATTENTION,
        reasons=because(Reason.NO_AGREEMENT, *ALDERS)
        | because(Reason.AMBIGUOUS, COPPERFIELD_EDR, COPPERFIELD_SAT),
    ),
    Trouble(
        "company-without-agreements",
        mapped_to(999),
        verdict=Verdict.ATTENTION,
        reasons=because(Reason.ORPHANED, *ALDERS),
    ),
    Trouble(
        "company-merged-while-applying",
        agreement(company={"id": COPPERFIELD, "name": "Copperfield Foods"}),
        when=When.BEFORE_APPLYING,
        verdict=Verdict.ATTENTION,
        reasons=because(Reason.AGREEMENT_MOVED),
    ),
    Trouble(
        "agreement-expired-while-applying",
        agreement(agreementStatus="Expired"),
        when=When.BEFORE_APPLYING,
        verdict=Verdict.ATTENTION,
        reasons=because(Reason.AGREEMENT_EXPIRED),
    ),
    Trouble(
        "product-changed-while-applying",
        addition(product={"id": 105, "identifier": "HUNTRESS-ISPM"}),
        when=When.BEFORE_APPLYING,
        verdict=Verdict.ATTENTION,
        reasons=because(Reason.GONE),
    ),
    Trouble("invoice-voided-while-applying", invoice(status="voided"), when=When.BEFORE_APPLYING),
    Trouble(
        "invoice-made-anew-with-its-number",
        invoice(created_at="2026-07-14T10:30:00Z", plan="again"),
        when=When.BEFORE_APPLYING,
    ),
)
ADDITIONS = (
    Trouble(
        "quantity-unset",
        addition(quantity=None),
        verdict=Verdict.ATTENTION,
        reasons=because(Reason.UNUSABLE, *ALDERS),
        message="quantity has no value",
    ),
    Trouble(
        "quantity-with-a-fraction",
        addition(quantity=24.5),
        verdict=Verdict.HELD,
        reasons=because(Reason.EDITED),
    ),
    Trouble("price-unset", addition(unitPrice=None)),
    Trouble("negative-less-included", addition(lessIncluded=-5.0)),
    Trouble("effective-date-without-a-time", addition(effectiveDate="2025-06-09")),
    Trouble("effective-date-with-an-offset", addition(effectiveDate="2025-06-09T00:00:00-05:00")),
    Trouble("effective-date-empty", addition(effectiveDate="")),
    Trouble(
        "effective-date-unreadable",
        addition(effectiveDate="soon"),
        verdict=Verdict.ATTENTION,
        reasons=because(Reason.UNUSABLE, *ALDERS),
        message="effectiveDate has an invalid value",
    ),
)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


# Today is the day in New York, where the settings put the office.
CALENDAR = (
    Trouble(
        "month-end",  # 22:00 on 31 July in New York, where August has not begun
        addition(effectiveDate="2026-08-01T00:00:00Z"),
        begins=at(2026, 8, 1, 2),
        lasts=(),
        verdict=Verdict.ATTENTION,
        reasons=because(Reason.ADDITION_FUTURE),
    ),
    Trouble("leap-day", addition(effectiveDate="2028-02-29T00:00:00Z"), begins=at(2028, 2, 29, 15)),
    Trouble(
        "leap-day-is-the-end",
        addition(cancelledDate="2028-02-29T00:00:00Z"),
        begins=at(2028, 2, 29, 15),
        verdict=Verdict.ATTENTION,
        reasons=because(Reason.ADDITION_ENDED),
    ),
    Trouble("clocks-go-forward", only_the_clock, begins=at(2026, 3, 8, 6, 50)),
    Trouble("clocks-go-back", only_the_clock, begins=at(2026, 11, 1, 5, 50)),
    Trouble("new-year", only_the_clock, begins=at(2027, 1, 1, 4, 55)),
)
TROUBLES = (*PLACES, *ADDITIONS, *CALENDAR)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_nobody_is_billed_wrong(trouble: Trouble) -> None:
    live_through(trouble)
