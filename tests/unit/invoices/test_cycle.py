"""The invoices of one billing cycle, and the one that is issued again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing_sync.domain.invoices.cycle import (
    CycleInvoice,
    already_billed,
    annual,
    billed_period,
    cycles,
    earlier_cycles,
    newer_cycle,
    reissue_of,
    with_other_invoices,
)
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, first_seen
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import make_plan
from billing_sync.domain.vendors.huntress import InvoiceSource, Period, UsageLine
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


def ids(*records: InvoiceRecord) -> list[list[int]]:
    return [[record.invoice.id for record in cycle] for cycle in cycles(records)]


def test_a_cycle_has_the_invoices_within_twenty_days_of_its_first():
    first, tier, next_tier = seen(5001, days=40), seen(5002, days=20.01), seen(5003, days=20)

    assert ids(next_tier, first, tier) == [[5001, 5002], [5003]]
    assert ids(first, seen(5004, days=25), seen(5005, days=15)) == [[5001, 5004], [5005]]


def test_each_source_has_cycles_of_its_own():
    reseller = seen(5002, days=1, source=InvoiceSource.RESELLER)

    assert ids(seen(5001, days=2), reseller, seen(5003)) == [[5001, 5003], [5002]]


JUNE = Period(INVOICED - timedelta(days=30), INVOICED)
JULY = Period(INVOICED, INVOICED + timedelta(days=31))


@pytest.mark.parametrize(
    ("days", "period", "expected"),
    [
        (-25, JUNE, [[5001, 5002]]),
        (-10, JULY, [[5001], [5002]]),
        (-10, None, [[5001, 5002]]),
        (-25, None, [[5001], [5002]]),
    ],
    ids=["the same, later", "the next, early", "not known, near", "not known, far"],
)
def test_the_period_of_the_lines_decides_the_cycle_before_the_days_do(days, period, expected):
    first = replace(seen(5001), period=JUNE)

    assert ids(first, replace(seen(5002, days=days), period=period)) == expected


def test_a_period_that_is_shifted_by_some_days_is_the_same_and_a_years_is_another():
    days = timedelta(days=10)
    shifted = Period(JUNE.start + days, JUNE.end + days)
    year = Period(JUNE.start, JUNE.start + timedelta(days=365))

    assert JUNE.mostly_shared(shifted) and not JUNE.mostly_shared(year)


def test_an_invoice_of_the_last_period_that_comes_late_belongs_to_the_older_cycle():
    june = replace(seen(5001), period=JUNE)
    july = replace(seen(5002, days=-31), period=JULY, run_id="000007-sync")
    late = replace(seen(5003, days=-33), period=JUNE)
    everything = (june, july, late)

    assert ids(*everything) == [[5001, 5003], [5002]]
    assert earlier_cycles(late.invoice, everything) == ()
    assert earlier_cycles(july.invoice, everything) == ((june, late),)
    assert "invoice 5002" in newer_cycle(late.invoice, everything)


def line(organization: int, period: Period) -> UsageLine:
    return UsageLine(organization, f"Organization {organization}", period, ())


def test_an_invoice_bills_the_period_that_most_of_its_lines_have():
    assert billed_period([line(1, JULY), line(2, JUNE), line(3, JUNE)]) == JUNE
    assert billed_period([line(1, JULY), line(2, JUNE)]) == JUNE
    assert billed_period([]) is None


def test_an_invoice_of_a_year_is_held_with_its_dates():
    year = Period(JUNE.start, JUNE.start + timedelta(days=365))
    ours = an_invoice(5003)

    message = annual(ours, year)
    plan = make_plan(some_inputs(invoice=ours, annual=message, usage=(a_usage(units={"edr": 13}),)))

    assert (annual(ours, JUNE), annual(ours, None)) == ("", "")
    assert message.startswith("most lines of invoice 5003 bill 2026-06-01 to 2027-06-01")
    assert plan.guard_messages == (message,)
    assert {row.outcome for row in plan.rows} == {Outcome.HELD}


def test_an_invoice_of_an_older_cycle_than_the_newest_run_says_which():
    newer = replace(seen(5004, days=-60), run_id="000007-sync")
    ours = seen(5003)

    assert "invoice 5004" in newer_cycle(ours.invoice, (ours, newer))
    assert newer_cycle(ours.invoice, (ours, replace(newer, run_id=""))) == ""
    same_cycle = replace(seen(5005, days=-1), run_id="000008-sync")
    assert newer_cycle(ours.invoice, (ours, same_cycle)) == ""


def another(run_id: str, *units: dict[str, int | str], source: InvoiceSource) -> CycleInvoice:
    usage = tuple(a_usage(101 + n, counts) for n, counts in enumerate(units))
    return CycleInvoice(an_invoice(5002, source=source), run_id, usage)


def test_usage_is_billed_already_where_another_invoice_of_the_cycle_counted_it_and_ran():
    usage = (a_usage(101, {"edr": 26, "sat": 5}), a_usage(102, {"edr": 4}))
    counts = {"edr": 25, "sat": "no answer"}
    ran = another("000007-sync", counts, source=InvoiceSource.ACCOUNT)

    found = already_billed(usage, (ran,))

    assert list(found) == [(101, "edr")]
    assert "invoice 5002" in found[101, "edr"] and "000007-sync" in found[101, "edr"]
    assert "counts 25 edr of Organization 101, this one 26" in found[101, "edr"]
    assert already_billed(usage, (replace(ran, run_id=""),)) == {}


def test_reseller_invoices_of_a_cycle_add_the_organizations_that_they_alone_count():
    own = (a_usage(101, {"edr": 25}),)
    other = another("", {"edr": 99, "sat": 7}, {"edr": 4}, source=InvoiceSource.RESELLER)

    first, second = with_other_invoices(own, (other,))

    assert [(r.product, r.units, r.invoice) for r in first.readings] == [
        ("edr", 25, ""),
        ("sat", 7, "reseller#5002"),
    ]
    assert [(r.units, r.invoice) for r in second.readings] == [(4, "reseller#5002")]
    account = replace(other, invoice=an_invoice(5002))
    assert with_other_invoices(own, (account,)) == own
