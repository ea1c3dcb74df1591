"""An invoice waits for the day the settings name, by the office's calendar, and raises no alarm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from billing_sync.domain.invoices.lifecycle import (
    InvoiceRecord,
    InvoiceState,
    applied_from,
    delayed,
    first_seen,
)
from tests.unit.builders import INVOICED, an_invoice, some_settings

SECOND = timedelta(seconds=1)
LOS_ANGELES = "America/Los_Angeles"


def waiting(**changes: object) -> InvoiceRecord:
    record = first_seen(an_invoice(), first_look=False, sync_enabled=True, now=INVOICED)
    return replace(record, frozen_at=INVOICED, **changes)


def test_without_a_delay_an_invoice_is_applied_at_once():
    assert applied_from(an_invoice(), some_settings()) == INVOICED
    assert delayed(waiting(), some_settings(), now=INVOICED) == waiting()


@pytest.mark.parametrize(
    ("made", "zone", "begins"),
    [
        ("2026-07-14T06:59:59+00:00", LOS_ANGELES, "2026-07-16T07:00:00+00:00"),
        ("2026-07-14T07:00:00+00:00", LOS_ANGELES, "2026-07-17T07:00:00+00:00"),
        ("2026-07-14T06:59:59+00:00", "UTC", "2026-07-17T00:00:00+00:00"),
        ("2026-10-30T12:00:00+00:00", LOS_ANGELES, "2026-11-02T08:00:00+00:00"),  # clocks go back
        ("2026-12-30T12:00:00+00:00", "Europe/Berlin", "2027-01-01T23:00:00+00:00"),
    ],
)
def test_the_day_begins_and_is_counted_in_the_settings_time_zone(made, zone, begins):
    invoice = an_invoice(created_at=datetime.fromisoformat(made))
    settings = some_settings(apply_after_days=3, time_zone=zone)

    assert applied_from(invoice, settings).isoformat() == begins


def test_an_invoice_waits_until_its_day_begins_and_says_which():
    settings = some_settings(apply_after_days=3)

    record = delayed(waiting(), settings, now=INVOICED)

    day = datetime(2026, 7, 4, tzinfo=UTC)
    assert record.apply_from == day
    assert record.reason == (
        "planned to be applied on 2026-07-04: apply_after_days is 3 in the settings"
    )
    assert not record.due(day - SECOND)
    assert record.due(day)


def test_usage_that_is_not_frozen_yet_does_not_wait_for_the_day():
    record = replace(delayed(waiting(), some_settings(apply_after_days=3), now=INVOICED))

    assert replace(record, frozen_at=None).due(INVOICED)


def test_the_alarm_counts_from_the_day_on():
    record = delayed(waiting(), some_settings(apply_after_days=27), now=INVOICED)
    assert record.apply_from is not None
    late = record.apply_from + timedelta(hours=72)

    assert not record.waits_too_long(late)
    assert record.waits_too_long(late + SECOND)


def test_a_shorter_delay_ends_the_wait_and_a_longer_one_moves_the_day():
    record = delayed(waiting(), some_settings(apply_after_days=10), now=INVOICED)
    later = INVOICED + timedelta(days=5)

    shorter = delayed(record, some_settings(apply_after_days=2), now=later)
    longer = delayed(record, some_settings(apply_after_days=20), now=later)

    assert shorter.due(later)
    assert not shorter.waits_too_long(later)
    assert longer.apply_from == datetime(2026, 7, 21, tzinfo=UTC)
    assert "2026-07-21" in longer.reason


def test_a_day_that_has_passed_stays():
    record = waiting(apply_from=INVOICED, state=InvoiceState.WAITING, reason="run 7 is writing")

    assert delayed(record, some_settings(apply_after_days=1), now=INVOICED + timedelta(9)) == record
