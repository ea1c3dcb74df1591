"""An invoice that is issued again takes over what was counted for the voided one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing_sync.domain.invoices.cycle import reissue_of
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, first_seen
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import make_plan
from billing_sync.domain.vendors.huntress import InvoiceSource
from tests.unit.builders import INVOICED, a_usage, an_invoice, some_inputs

VOIDED = {"status": "voided"}


def seen(number: int, *, days: float = 0, frozen: bool = True, **invoice: object) -> InvoiceRecord:
    """An invoice of so many days before ours."""
    made = INVOICED - timedelta(days=days)
    invoice_read = an_invoice(number, created_at=made, **invoice)
    record = first_seen(invoice_read, first_look=False, sync_enabled=True, now=made)
    return replace(record, frozen_at=made if frozen else None)


OURS = seen(5004, frozen=False)


@pytest.mark.parametrize(("days", "taken"), [(0, True), (19.99, True), (20, False), (-1, False)])
def test_the_voided_invoice_of_the_last_twenty_days_is_the_one_replaced(days, taken):
    voided = seen(5003, days=days, **VOIDED)

    assert reissue_of(OURS, (OURS, voided)) == (voided if taken else None)


@pytest.mark.parametrize(
    "other",
    [
        seen(5003, days=1),
        seen(5003, days=1, status="draft"),
        seen(5003, days=1, plan="Managed SAT", **VOIDED),
        seen(5003, days=1, frozen=False, **VOIDED),
        seen(5003, days=1, source=InvoiceSource.RESELLER, **VOIDED),
        seen(5004, **VOIDED),
    ],
    ids=["it counts", "a draft", "another plan", "never frozen", "another source", "itself"],
)
def test_no_other_invoice_is_replaced(other):
    assert reissue_of(OURS, (other,)) is None


def test_the_plan_is_compared_as_people_read_it_and_the_newest_voided_one_counts():
    older = seen(5001, days=3, plan=" managed  EDR", **VOIDED)
    newer = seen(5002, days=2, plan="MANAGED EDR", **VOIDED)

    assert reissue_of(OURS, (newer, older)) == newer


def test_a_resellers_invoice_has_lines_of_its_own():
    ours = seen(5004, frozen=False, source=InvoiceSource.RESELLER)

    assert reissue_of(ours, (seen(5003, source=InvoiceSource.RESELLER, **VOIDED),)) is None


def test_counts_taken_over_are_late_by_the_invoice_they_were_counted_for():
    counted = a_usage(units={"edr": 14}, read_at=INVOICED + timedelta(days=2))
    again = an_invoice(5004, created_at=INVOICED + timedelta(days=3))
    inputs = some_inputs(usage=(counted,), invoice=again, counted_for=an_invoice(5003))

    plan = make_plan(inputs)

    assert plan.counted_for == "invoice 5003 of 2026-07-01, voided since"
    assert (plan.rows[0].outcome, plan.rows[0].reason) == (Outcome.HELD, Reason.LATE)
    assert "not of invoice 2026-07-01" in plan.rows[0].message
