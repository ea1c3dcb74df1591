"""An invoice is seen once, waits while it must, and starts one automatic run, ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing_sync.domain.invoices.lifecycle import (
    InvoiceRecord,
    InvoiceState,
    counts,
    first_seen,
    seen_again,
)
from tests.unit.builders import INVOICED, an_invoice

NOW = INVOICED + timedelta(minutes=5)
SECOND = timedelta(seconds=1)


def a_waiting(**changes: object) -> InvoiceRecord:
    record = first_seen(an_invoice(), first_look=False, sync_enabled=True, now=NOW)
    return replace(record, **changes)


def taken(number: int, *, days: float, **invoice: object) -> InvoiceRecord:
    """An invoice of so many days before ours that started a run."""
    other = an_invoice(number, created_at=INVOICED - timedelta(days=days), **invoice)
    return InvoiceRecord(other, InvoiceState.RUN, "", NOW, run_id="000007-sync")


def test_an_invoice_of_the_first_look_never_starts_by_itself():
    record = first_seen(an_invoice(), first_look=True, sync_enabled=True, now=NOW)

    assert record.state is InvoiceState.BASELINE
    assert not record.wants_event


def test_an_invoice_seen_while_sync_was_off_is_frozen_but_never_starts_by_itself():
    record = first_seen(an_invoice(), first_look=False, sync_enabled=False, now=NOW)

    assert record.state is InvoiceState.BASELINE
    assert record.wants_event
    assert not replace(record, frozen_at=NOW).wants_event


def test_a_new_invoice_waits_and_is_due_at_once():
    record = a_waiting()

    assert (record.state, record.reason) == (InvoiceState.WAITING, "new")
    assert record.due(NOW)


def test_a_taken_invoice_needs_no_event_once_its_usage_is_frozen():
    assert not a_waiting(state=InvoiceState.RUN, frozen_at=NOW).wants_event


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "voided"}, "its status is voided"),
        ({"has_usage": False}, "made by hand, without usage"),
    ],
)
def test_an_invoice_that_does_not_count_waits_without_an_event(changes, reason):
    invoice = an_invoice(**changes)

    record = first_seen(invoice, first_look=False, sync_enabled=True, now=NOW)

    assert not counts(invoice)
    assert (record.state, record.reason) == (InvoiceState.WAITING, reason)
    assert not record.due(NOW + timedelta(days=9))
    assert not record.waits_too_long(NOW + timedelta(days=9))


@pytest.mark.parametrize("status", ["open", "paid", "uncollectible", "anything new"])
def test_every_other_status_counts(status):
    assert counts(an_invoice(status=status))


@pytest.mark.parametrize(
    ("puts", "minutes"), [(1, 5), (2, 10), (3, 30), (4, 60), (5, 60), (400, 60)]
)
def test_an_event_is_put_again_after_a_growing_wait(puts, minutes):
    record = a_waiting(puts=puts, put_at=NOW)
    again = NOW + timedelta(minutes=minutes)

    assert not record.due(again - SECOND)
    assert record.due(again)


def test_an_invoice_that_waits_more_than_three_days_is_reported():
    record = a_waiting()

    assert not record.waits_too_long(NOW + timedelta(hours=72))
    assert record.waits_too_long(NOW + timedelta(hours=72) + SECOND)
    run = replace(record, state=InvoiceState.RUN)
    assert not run.waits_too_long(NOW + timedelta(days=30))


def test_a_leased_invoice_is_due_when_its_lease_has_expired_whatever_the_back_off():
    until = NOW + timedelta(minutes=16)
    record = a_waiting(puts=9, put_at=NOW, lease_owner="somebody", lease_until=until)

    assert not record.due(until - SECOND)
    assert record.due(until)


def test_a_hand_over_delays_an_invoice_whose_event_was_never_put_by_five_minutes():
    record = a_waiting(put_at=NOW)

    assert not record.due(NOW + timedelta(minutes=5) - SECOND)
    assert record.due(NOW + timedelta(minutes=5))


DRAFT = an_invoice(status="draft")
LATER = NOW + timedelta(days=9)


@pytest.mark.parametrize(("first_look", "sync_enabled"), [(True, True), (False, False)])
def test_a_draft_is_not_classified_whenever_it_is_seen(first_look, sync_enabled):
    draft = first_seen(DRAFT, first_look=first_look, sync_enabled=sync_enabled, now=NOW)

    assert (draft.state, draft.reason) == (InvoiceState.UNCLASSIFIED, "its status is draft")
    assert not draft.due(LATER)
    assert seen_again(draft, DRAFT, sync_enabled=True, now=LATER) == draft


def test_a_draft_that_is_finalised_starts_to_wait_and_is_due_at_once():
    draft = first_seen(DRAFT, first_look=True, sync_enabled=True, now=NOW)

    issued = seen_again(draft, an_invoice(status="open"), sync_enabled=True, now=LATER)

    assert (issued.state, issued.reason) == (InvoiceState.WAITING, "new")
    assert issued.due(LATER)
    assert not issued.waits_too_long(LATER)


def test_a_draft_that_is_finalised_while_sync_is_off_is_a_baseline():
    draft = first_seen(DRAFT, first_look=False, sync_enabled=True, now=NOW)

    issued = seen_again(draft, an_invoice(status="open"), sync_enabled=False, now=LATER)

    assert issued.state is InvoiceState.BASELINE


def test_a_draft_that_is_voided_waits_without_an_event():
    draft = first_seen(DRAFT, first_look=True, sync_enabled=True, now=NOW)

    voided = seen_again(draft, an_invoice(status="voided"), sync_enabled=True, now=LATER)

    assert (voided.state, voided.reason) == (InvoiceState.WAITING, "its status is voided")
    assert not voided.due(LATER)


@pytest.mark.parametrize("state", [InvoiceState.BASELINE, InvoiceState.RUN])
def test_seeing_an_invoice_again_never_makes_it_wait_again(state):
    record = a_waiting(state=state, reason="as it was")

    again = seen_again(record, an_invoice(status="voided"), sync_enabled=True, now=LATER)

    assert (again.state, again.reason) == (state, "as it was")
    assert again.invoice.status == "voided"
