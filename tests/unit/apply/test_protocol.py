"""Every way one addition can be found, before and after a write that may or may not have landed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing_sync.domain.apply.protocol import (
    Finish,
    Intent,
    LookAgain,
    Write,
    after_accepted,
    next_step,
)
from billing_sync.domain.plan.reasons import Outcome, Reason
from tests.unit.builders import INVOICED, TODAY, a_row, an_addition, an_agreement

AT = INVOICED + timedelta(hours=1)
SEEN = "2026-06-01T08:00:00Z"
LATER = "2026-07-01T07:30:00Z"
SETTLED = timedelta(seconds=10 + 120 + 120)
MICROSECOND = timedelta(microseconds=1)


def step(
    quantity: object, intent: Intent | None = None, *, addition=None, agreement=None
) -> Finish | Write | LookAgain:
    """The row is planned from 12 to 14."""
    return next_step(
        a_row(12, 14),
        intent,
        an_addition(quantity=Decimal(str(quantity)), **({"last_updated": SEEN} | (addition or {}))),
        an_agreement(**(agreement or {})),
        at=AT,
        today=TODAY,
        allowed_types=("managed services",),
    )


def told(result: object) -> tuple[Outcome, Reason]:
    assert isinstance(result, Finish), result
    assert bool(result.message) is (result.reason is not Reason.NONE)
    return result.outcome, result.reason


def an_intent(attempt: int = 1, *, age: timedelta = SETTLED) -> Intent:
    return Intent(attempt, AT - age, SEEN)


@pytest.mark.parametrize("quantity", ["12", "12.0"])
def test_without_an_intent_the_planned_quantity_is_written_once(quantity):
    assert step(quantity) == Write(Intent(1, AT, SEEN))


@pytest.mark.parametrize("quantity", ["14", "14.00"])
def test_without_an_intent_the_target_is_already_there(quantity):
    assert told(step(quantity)) == (Outcome.UNCHANGED, Reason.NONE)


@pytest.mark.parametrize("quantity", ["13", "0", "12.5"])
def test_without_an_intent_any_other_quantity_is_somebodys_change(quantity):
    assert told(step(quantity)) == (Outcome.CONFLICT, Reason.CHANGED_SINCE_PLAN)


def test_a_conflict_names_who_changed_it_where_connectwise_says_so():
    result = step(13, addition={"updated_by": "jdoe"})

    assert isinstance(result, Finish)
    assert "by jdoe" in result.message


@pytest.mark.parametrize("age", [timedelta(0), SETTLED, timedelta(days=1)])
@pytest.mark.parametrize("attempt", [1, 5])
def test_after_an_intent_the_target_is_our_write_at_any_age(age, attempt):
    landed = {"last_updated": LATER}

    assert told(step(14, an_intent(attempt, age=age), addition=landed)) == (
        Outcome.UPDATED,
        Reason.NONE,
    )


@pytest.mark.parametrize(
    ("quantity", "last_updated"), [(13, SEEN), (13, LATER), (12, LATER), (12, "")]
)
def test_after_an_intent_another_quantity_or_another_touch_is_somebodys_change(
    quantity, last_updated
):
    result = step(quantity, an_intent(), addition={"last_updated": last_updated})

    assert told(result) == (Outcome.CONFLICT, Reason.CHANGED_SINCE_PLAN)


def test_a_young_intent_proves_nothing_so_it_is_looked_at_again_when_settled():
    intent = an_intent(age=SETTLED - MICROSECOND)

    assert step(12, intent) == LookAgain(intent.at + SETTLED)


def test_the_fifth_young_intent_may_still_land():
    intent = an_intent(5, age=timedelta(seconds=5))

    assert step(12, intent) == LookAgain(intent.at + SETTLED)


@pytest.mark.parametrize("attempt", [1, 2, 3, 4])
def test_a_settled_intent_that_did_not_land_is_written_again(attempt):
    assert step(12, an_intent(attempt)) == Write(Intent(attempt + 1, AT, SEEN))


def test_the_fifth_attempt_that_did_not_land_is_the_last():
    assert told(step(12, an_intent(5))) == (Outcome.FAILED, Reason.TOO_MANY_ATTEMPTS)


NOT_WRITABLE = [
    ({"catalog_item_id": 99}, {}, Reason.GONE),
    ({}, {"cancelled": True}, Reason.AGREEMENT_CANCELLED),
    ({}, {"status": "Expired"}, Reason.AGREEMENT_EXPIRED),
    ({}, {"status": "Inactive"}, Reason.AGREEMENT_FUTURE),
    ({}, {"end_date": date(2026, 6, 30)}, Reason.AGREEMENT_EXPIRED),
    ({}, {"bill_start_date": date(2026, 7, 2)}, Reason.AGREEMENT_FUTURE),
    ({}, {"company_id": 2}, Reason.AGREEMENT_MOVED),
    ({}, {"type_name": "Backup"}, Reason.AGREEMENT_TYPE),
    ({"effective_date": date(2026, 7, 2)}, {}, Reason.ADDITION_FUTURE),
    ({"cancelled_date": TODAY}, {}, Reason.ADDITION_ENDED),
]


@pytest.mark.parametrize(("addition", "agreement", "reason"), NOT_WRITABLE)
@pytest.mark.parametrize("quantity", [12, 13, 14])
def test_what_may_no_longer_be_written_is_blocked_before_any_write(
    quantity, addition, agreement, reason
):
    result = step(quantity, addition=addition, agreement=agreement)

    assert told(result) == (Outcome.BLOCKED, reason)


@pytest.mark.parametrize(("addition", "agreement", "reason"), NOT_WRITABLE)
def test_what_may_no_longer_be_written_is_not_tried_again(addition, agreement, reason):
    old, young = an_intent(), an_intent(age=timedelta(0))
    facts = {"addition": addition, "agreement": agreement}

    assert told(step(12, old, **facts)) == (Outcome.BLOCKED, reason)
    assert isinstance(step(12, young, **facts), LookAgain)
    assert told(step(14, old, **facts)) == (Outcome.UPDATED, Reason.NONE)


@pytest.mark.parametrize(
    "addition", [{"cancelled_date": date(2026, 7, 2)}, {"catalog_item_id": None}]
)
def test_an_addition_ending_later_or_without_a_product_id_is_still_writable(addition):
    assert isinstance(step(12, addition=addition), Write)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("14", (Outcome.UPDATED, Reason.NONE)),
        ("14.0", (Outcome.UPDATED, Reason.NONE)),
        ("12", (Outcome.FAILED, Reason.ACCEPTED_BUT_UNCHANGED)),
        ("13", (Outcome.CONFLICT, Reason.CHANGED_SINCE_PLAN)),
    ],
)
def test_an_accepted_write_counts_only_for_what_a_fresh_read_shows(quantity, expected):
    addition = an_addition(quantity=Decimal(quantity))

    assert told(after_accepted(a_row(12, 14), addition)) == expected
