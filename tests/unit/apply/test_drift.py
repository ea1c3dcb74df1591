"""What a later look at ConnectWise says of a row that we wrote."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from billing_sync.domain.apply.drift import drifted, overwritten, with_trail
from billing_sync.domain.apply.protocol import Intent
from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.vendors.connectwise import Save
from tests.unit.builders import an_addition

NOON = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
EDIT = Save(NOON.replace(second=1), "jsmith", "Quantity changed from 24.00 to 31.00")
OURS = Save(NOON.replace(second=2), "BillingSync", "Quantity changed from 31.00 to 25.00")


def written(last_updated: str) -> RowState:
    """A row that we wrote from 24 to 25, having read this time of its last save."""
    row = Row(
        company_id=301,
        company_name="Alder",
        parts=(),
        outcome=Outcome.UPDATED,
        addition_id=301002,
        before=Decimal(24),
        target=Decimal(25),
    )
    return RowState(row, done=True, planned_write=True, intent=Intent(1, NOON, last_updated))


def test_a_save_between_our_read_and_our_write_is_found() -> None:
    found = overwritten(
        written("2026-07-14T12:00:00Z"), (EDIT, OURS), member="BillingSync", seen_at=NOON
    )

    assert found and found.by == "jsmith"


def test_a_save_after_our_write_is_no_overwritten_save() -> None:
    saves = (OURS, Save(NOON.replace(second=3), "jsmith", "later"))

    state = written("2026-07-14T12:00:00Z")

    assert overwritten(state, saves, member="BillingSync", seen_at=NOON) is None


def test_a_change_is_reported_as_in_the_audit_trail_whoever_saved_last() -> None:
    addition = replace(an_addition(quantity=Decimal(31)), updated_by="mlee", last_updated="")
    found = drifted(written(""), addition, member="BillingSync", seen_at=NOON)
    edit = replace(EDIT, at=NOON.replace(second=3))
    comment = Save(NOON.replace(second=4), "mlee", "Description changed")

    assert found
    message = with_trail(found, (comment, OURS, edit), member="BillingSync").message

    assert message.endswith(
        "ConnectWise's audit trail: 2026-07-14 12:00 UTC jsmith: Quantity changed from 24.00 to"
        " 31.00; 2026-07-14 12:00 UTC mlee: Description changed."
    )
    assert with_trail(found, (EDIT, OURS), member="BillingSync") == found


@pytest.mark.parametrize("text", ["", "yesterday", "2026-07-14T12:00:00"])
def test_a_time_of_the_vendor_that_cannot_be_compared_finds_nothing(text: str) -> None:
    assert overwritten(written(text), (EDIT, OURS), member="BillingSync", seen_at=NOON) is None
