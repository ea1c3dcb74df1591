"""Several invoices of one billing cycle: each organization is billed once, by the right one."""

from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD,
    COPPERFIELD_EDR,
    COPPERFIELD_ORGANIZATION,
)
from tests.integration.test_absent_usage import (
    ALDER_USES,
    COPPERFIELD_USES,
    MONTH,
    invoiced,
    invoices_at_once,
    reseller,
    rows,
)
from tools.sandbox.vendors.faults import Fault, FaultKind

__all__ = ["reseller"]
ALDER_LINES = {ALDER_ORGANIZATION: ALDER_USES}
ALL_COPPERFIELD = {**COPPERFIELD_USES, "itdr": 40, "siem": 6}
COPPERFIELD_LINES = {COPPERFIELD_ORGANIZATION: ALL_COPPERFIELD}


def units_of(stack: LocalStack, invoice_id: int) -> tuple[int, int]:
    """The known units of an invoice, and how many of its counts are unknown."""
    listed = {one["invoice_id"]: one for one in stack.press({"action": "invoices"})["invoices"]}
    return listed[invoice_id]["units"], listed[invoice_id]["unknown"]


def all_synced(stack: LocalStack, clock: Any) -> None:
    """The second invoice's run begins with a later tick, once the first one's is closed."""
    clock.shift(6 * 60)
    stack.tick()
    stack.settle()


def test_two_invoices_of_one_day_for_different_organizations_both_bill(
    reseller: LocalStack, clock: Any
) -> None:
    stack = reseller

    invoices_at_once(stack, {5003: ALDER_LINES, 5004: COPPERFIELD_LINES})
    all_synced(stack, clock)

    ended(stack)
    assert (stack.quantity(ALDER_EDR), stack.quantity(COPPERFIELD_EDR)) == (25.0, 65.0)
    verdicts = {run.about: run.verdict for run in stack.all_runs()}
    assert verdicts == dict.fromkeys(("reseller#5003", "reseller#5004"), Verdict.COMPLETE)


def test_lines_of_one_invoice_that_may_not_be_read_stop_no_other_of_its_cycle(
    reseller: LocalStack, clock: Any
) -> None:
    stack = reseller
    path = "/v1/reseller/invoices/5004/organization_usage_line_items"
    stack.huntress.add_fault(Fault(FaultKind.STATUS, path=path, status=403, times=0))

    invoices_at_once(stack, {5003: ALDER_LINES, 5004: COPPERFIELD_LINES})
    all_synced(stack, clock)

    assert (stack.quantity(ALDER_EDR), stack.quantity(COPPERFIELD_EDR)) == (25.0, 63.0)
    assert [run.about for run in stack.all_runs()] == ["reseller#5003"]


def test_the_next_cycles_invoices_bill_too_and_are_compared_with_the_whole_last_cycle(
    reseller: LocalStack, clock: Any
) -> None:
    stack = reseller
    stack.set_settings(guards={"money": 10**6})
    invoices_at_once(stack, {5003: ALDER_LINES, 5004: COPPERFIELD_LINES})
    all_synced(stack, clock)
    clock.shift(MONTH)

    more = {ALDER_ORGANIZATION: {**ALDER_USES, "edr": 26}}
    invoices_at_once(stack, {5005: more, 5006: COPPERFIELD_LINES})
    all_synced(stack, clock)

    ended(stack)
    assert (stack.quantity(ALDER_EDR), stack.quantity(COPPERFIELD_EDR)) == (26.0, 65.0)
    found = {run.about: (run.verdict, run.guard_messages) for run in stack.all_runs()[:2]}
    assert found["reseller#5006"] == (Verdict.COMPLETE, ())


@pytest.mark.parametrize("first", [5003, 5004])
def test_a_company_on_two_invoices_gets_the_sum_whichever_comes_first(
    reseller: LocalStack, clock: Any, first: int
) -> None:
    stack = reseller
    stack.change_item("MAPPING", f"ORG#{COPPERFIELD_ORGANIZATION}", company_id=ALDER)
    lines = {5003: ALDER_LINES, 5004: {COPPERFIELD_ORGANIZATION: {"edr": 4}}}
    second = 5003 + 5004 - first

    invoiced(stack, first, lines[first])
    row = rows(stack, ended(stack))[ALDER, "edr"]
    assert row.reason is Reason.UNKNOWN_USAGE and stack.quantity(ALDER_EDR) == 24.0
    invoiced(stack, second, lines[second])

    ended(stack)
    assert stack.quantity(ALDER_EDR) == 29.0
    parts = rows(stack, stack.newest())[ALDER, "edr"].parts
    keys = {source.units: source.invoice for part in parts for source in part.sources}
    assert keys[25 if first == 5003 else 4] == f"reseller#{first}"
    assert (units_of(stack, 5003), units_of(stack, 5004)) == ((87, 0), (4, 0))


def test_usage_that_both_invoices_of_a_cycle_count_is_held_with_both_numbers(
    reseller: LocalStack, clock: Any
) -> None:
    stack = reseller
    invoiced(stack, 5003, {**ALDER_LINES, **COPPERFIELD_LINES})
    clock.shift(MONTH / 6)

    again = {ALDER_ORGANIZATION: {**ALDER_USES, "edr": 27}}
    invoiced(stack, 5004, again)

    run = ended(stack)
    row = rows(stack, run)[ALDER, "edr"]
    assert (run.verdict, row.reason) == (Verdict.HELD, Reason.SECOND_BILLING_EVENT)
    assert "counts 25 edr" in row.message and "this one 27" in row.message
    assert stack.quantity(ALDER_EDR) == 25.0


def test_an_organization_of_the_other_invoice_waits_for_it_and_is_unknown_after_twenty_days(
    reseller: LocalStack, clock: Any
) -> None:
    stack = reseller
    invoices_at_once(stack, {5003: ALDER_LINES, 5004: COPPERFIELD_LINES})
    all_synced(stack, clock)
    clock.shift(MONTH)

    invoiced(stack, 5005, ALDER_LINES)

    run = ended(stack)
    row = rows(stack, run)[COPPERFIELD, "edr"]
    assert run.verdict is Verdict.ATTENTION and row.reason is Reason.UNKNOWN_USAGE
    assert "waiting for the invoice that lists it, as invoice 5004 of 2026-07-14" in row.message
    assert "until 2026-09-02" in row.message
    assert units_of(stack, 5005) == (87, 4)

    clock.shift(21 * 24 * 3600)
    stack.ask({})
    assert "not on invoice 5005" in rows(stack, stack.newest())[COPPERFIELD, "edr"].message


def test_what_waited_for_its_invoice_is_on_its_statement_alone_once_that_comes(
    reseller: LocalStack, clock: Any
) -> None:
    stack = reseller
    invoices_at_once(stack, {5003: ALDER_LINES, 5004: COPPERFIELD_LINES})
    all_synced(stack, clock)
    clock.shift(MONTH)
    invoiced(stack, 5005, ALDER_LINES)
    clock.shift(MONTH / 10)

    invoiced(stack, 5006, COPPERFIELD_LINES)

    run = ended(stack)
    assert run.verdict is Verdict.COMPLETE
    assert {company for company, _ in rows(stack, run)} == {COPPERFIELD}
    assert (units_of(stack, 5005), units_of(stack, 5006)) == ((87, 0), (155, 0))


def test_a_requested_sync_bills_every_invoice_of_the_cycle(reseller: LocalStack) -> None:
    stack = reseller
    stack.set_settings(sync_enabled=False)
    invoices_at_once(stack, {5003: ALDER_LINES, 5004: COPPERFIELD_LINES})
    stack.set_settings(sync_enabled=True)

    stack.ask({"by": "Ann"})

    run = ended(stack)
    assert (stack.quantity(ALDER_EDR), stack.quantity(COPPERFIELD_EDR)) == (25.0, 65.0)
    assert run.verdict is Verdict.COMPLETE
    assert (units_of(stack, 5003), units_of(stack, 5004)) == ((87, 0), (155, 0))
    results = {each["result"] for each in stack.press({"action": "invoices"})["invoices"]}
    assert {
        f"DONE: invoice {number}, all {units} units accounted for"
        for number, units in ((5003, 87), (5004, 155))
    } <= results


@pytest.mark.parametrize(("company", "uses"), [(ALDER, ALDER_USES), (COPPERFIELD, ALL_COPPERFIELD)])
def test_a_narrowed_sync_leaves_the_cycles_other_organizations_out(
    reseller: LocalStack, company: int, uses: dict[str, int]
) -> None:
    stack = reseller
    stack.set_settings(sync_enabled=False)
    invoices_at_once(stack, {5003: ALDER_LINES, 5004: COPPERFIELD_LINES})
    stack.set_settings(sync_enabled=True)

    stack.ask({"by": "Ann", "companies": [company]})

    run = ended(stack)
    assert {key for key, _ in rows(stack, run)} == {company}
    assert stack.runs.remainders(run) == ()
    assert {entry.product: entry.usage for entry in run.tie_out} == uses
