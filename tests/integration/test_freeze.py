"""Usage is frozen once per invoice: known values stay, unknown ones are never a zero."""

from dataclasses import replace
from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from billing_sync.domain.vendors.usage import OrganizationUsage, Product
from tests.integration.installed_stack import NEW_INVOICE
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
from tests.unit.builders import a_usage
from tools.sandbox.vendors.faults import Fault, FaultKind

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def down(organization_id: int) -> Fault:
    path = f"/v1/organizations/{organization_id}$"
    headers = {"Retry-After": "3600"}
    return Fault(FaultKind.STATUS, path=path, status=503, headers=headers, times=0)


def denied(organization: str) -> Fault:
    path = f"/v1/organizations/{organization}$"
    return Fault(FaultKind.STATUS, path=path, status=403, times=0)


def frozen(stack: LocalStack, organization_id: int, product: Product) -> int | None:
    usage = {u.organization_id: u for u in stack.usage.of(NEW_INVOICE)}
    readings = {r.product: r.units for r in usage[organization_id].readings}
    return readings[product]


def test_a_failed_read_is_tried_again_and_what_is_known_is_not(
    stack: LocalStack, clock: Any
) -> None:
    stack.huntress.add_fault(down(COPPERFIELD_ORGANIZATION))
    stack.sync()
    assert "1 of 2 organizations were not read: Copperfield" in stack.invoice.reason
    assert stack.invoice.frozen_at is None and stack.all_runs() == ()
    assert frozen(stack, ALDER_ORGANIZATION, Product.EDR) == 25
    stack.huntress.clear_faults()
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 99}})
    clock.shift(6 * MINUTE)
    stack.tick()

    assert (ended(stack).verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)
    path = f"/v1/organizations/{ALDER_ORGANIZATION}"
    assert len([r for r in stack.huntress.requests if r.path == path]) == 1


def test_of_an_organization_half_known_only_the_unknown_half_is_taken_later(
    stack: LocalStack, clock: Any
) -> None:
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": None}})
    stack.huntress.add_fault(down(COPPERFIELD_ORGANIZATION))
    stack.sync()
    assert frozen(stack, ALDER_ORGANIZATION, Product.EDR) is None
    stack.huntress.clear_faults()
    later = {"edr": {"billable_agents_count": 26}, "sat": {"learners_count": 99}}
    stack.huntress.set_usages(ALDER_ORGANIZATION, later)
    clock.shift(6 * MINUTE)
    stack.tick()

    assert ended(stack).verdict is Verdict.COMPLETE
    assert frozen(stack, ALDER_ORGANIZATION, Product.EDR) == 26
    assert frozen(stack, ALDER_ORGANIZATION, Product.SAT) == 28


def test_usage_that_changes_after_the_freeze_changes_no_plan(stack: LocalStack, clock: Any) -> None:
    stack.put_connectwise_secret(private_key="wrong")
    stack.sync()
    assert stack.invoice.frozen_at is not None
    read = len(stack.huntress.requests)
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 99}})
    stack.put_connectwise_secret()
    clock.shift(2 * DAY)
    stack.tick()

    run = ended(stack)

    assert (run.verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)
    later = [r.path for r in stack.huntress.requests[read:]]
    assert not any("organizations" in path for path in later)


def test_a_freeze_out_of_time_goes_on_in_the_next_invocation(stack: LocalStack) -> None:
    stack.invoice_appears()
    stack.tick()
    stack.deliver_events(seconds=119)
    assert "2 of 2 organizations are still to be read" in stack.invoice.reason
    (continued,) = stack.put_events()
    assert continued["detail-type"] == "Billing Sync Continued"
    stack.deliver_event(continued)

    assert (ended(stack).verdict, ended_quantity(stack)) == (Verdict.COMPLETE, 25.0)
    lists = [r for r in stack.huntress.requests if r.path == "/v1/organizations"]
    assert len(lists) == 1, "the next planner read the list of organizations again"


def ended_quantity(stack: LocalStack) -> float | None:
    return stack.quantity(ALDER_EDR)


def test_a_request_out_of_time_goes_on_in_the_next_invocation(stack: LocalStack) -> None:
    stack.invoice_appears()
    told = stack.press({"action": "preview"})
    stack.deliver_events(seconds=119)
    assert stack.press({"action": "show", "run_id": told["run_id"]})["status"] == "requested"

    run = ended(stack, told["run_id"])

    assert run.verdict is Verdict.PREVIEWED and run.outcomes["updated"] == 3


def test_counts_read_a_day_after_the_invoice_are_held_as_late(
    stack: LocalStack, clock: Any
) -> None:
    stack.put_huntress_secret(api_key="wrong")
    stack.invoice_appears()
    clock.shift(25 * HOUR)
    stack.put_huntress_secret()
    clock.shift(6 * MINUTE)
    stack.tick()

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert (run.verdict, row.outcome, row.reason) == (Verdict.HELD, Outcome.HELD, Reason.LATE)
    assert "counts of 2026-07-15, not of invoice 2026-07-14" in row.message
    assert stack.untouched()


def reads_of(stack: LocalStack, organization_id: int) -> int:
    path = f"/v1/organizations/{organization_id}"
    return len({r.at for r in stack.huntress.requests if r.path == path})


def fail_three_reads(stack: LocalStack, clock: Any, organization_id: int) -> None:
    """The invoice appears, and one organization fails three reads, ten minutes apart."""
    stack.huntress.add_fault(down(organization_id))
    stack.sync()
    for _ in range(2):
        assert stack.all_runs() == () and "1 of 2 organizations" in stack.invoice.reason
        clock.shift(11 * MINUTE)
        stack.tick()
        stack.settle()


def test_an_organization_that_fails_three_reads_is_unknown_and_the_others_are_billed(
    stack: LocalStack, clock: Any
) -> None:
    fail_three_reads(stack, clock, COPPERFIELD_ORGANIZATION)

    run = ended(stack)

    rows = {s.row.company_id: s.row for s in stack.runs.rows(run) if s.row.products == "edr"}
    assert rows[COPPERFIELD].reason is Reason.UNKNOWN_USAGE
    assert "answered 503" in rows[COPPERFIELD].message
    assert rows[ALDER].outcome is Outcome.UPDATED
    assert {one.product: one.unknown for one in run.tie_out}[Product.EDR] == 1
    assert (run.verdict, stack.quantity(COPPERFIELD_EDR)) == (Verdict.ATTENTION, 63.0)


def test_failed_reads_less_than_ten_minutes_apart_count_once(stack: LocalStack, clock: Any) -> None:
    stack.huntress.add_fault(down(COPPERFIELD_ORGANIZATION))
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()
    for _ in range(3):
        stack.deliver_event(event)
        clock.shift(MINUTE)

    assert stack.all_runs() == ()
    assert stack.invoice.frozen_at is None


def test_a_later_run_reads_again_only_what_could_not_be_read(stack: LocalStack, clock: Any) -> None:
    fail_three_reads(stack, clock, COPPERFIELD_ORGANIZATION)
    ended(stack)
    stack.huntress.clear_faults()
    before = reads_of(stack, ALDER_ORGANIZATION)

    stack.ask({})

    assert frozen(stack, COPPERFIELD_ORGANIZATION, Product.EDR) == 65
    assert (stack.newest().verdict, stack.quantity(COPPERFIELD_EDR)) == (Verdict.COMPLETE, 65.0)
    assert reads_of(stack, ALDER_ORGANIZATION) == before


def test_an_organization_that_still_cannot_be_read_delays_no_later_run(
    stack: LocalStack, clock: Any
) -> None:
    fail_three_reads(stack, clock, COPPERFIELD_ORGANIZATION)
    ended(stack)

    stack.ask({})

    assert stack.newest().verdict is Verdict.ATTENTION
    assert frozen(stack, COPPERFIELD_ORGANIZATION, Product.EDR) is None


def test_a_count_frozen_by_another_planner_is_not_replaced(stack: LocalStack) -> None:
    path = f"/v1/organizations/{ALDER_ORGANIZATION}$"
    theirs = replace(a_usage(ALDER_ORGANIZATION, {"edr": 24}), organization_name="Alder & Finch")
    stack.huntress.before("GET", path, lambda _: stack.usage.save(NEW_INVOICE, [theirs], over={}))
    stack.sync()

    assert frozen(stack, ALDER_ORGANIZATION, Product.EDR) == 24


def test_an_organization_that_vanished_is_unknown_and_not_zero(stack: LocalStack) -> None:
    del stack.huntress.state.organizations[COPPERFIELD_ORGANIZATION]
    stack.sync()

    run = ended(stack)

    row = stack.row(ALDER_EDR).row
    assert row.outcome is Outcome.UPDATED
    unknown = [s.row for s in stack.runs.rows(run) if s.row.company_id == COPPERFIELD]
    assert {r.reason for r in unknown} == {Reason.UNKNOWN_USAGE}
    assert "the organization vanished from Huntress" in unknown[0].message
    assert stack.quantity(COPPERFIELD_EDR) == 63.0


def test_an_organization_that_vanished_is_unknown_in_a_preview_as_of_now_too(
    bare_stack: LocalStack,
) -> None:
    stack = bare_stack
    stack.configure(sync_enabled=False)
    stack.huntress.state.invoices.clear()
    del stack.huntress.state.organizations[COPPERFIELD_ORGANIZATION]

    told = stack.ask({"action": "preview"})

    reasons = {row["reason"] for row in told["rows"] if row["company_id"] == COPPERFIELD}
    assert reasons == {"unknown_usage"}


def test_an_organizations_list_that_is_cut_short_delays_the_invoice(
    stack: LocalStack, clock: Any
) -> None:
    path = "/v1/organizations$"
    broken = Fault(FaultKind.STATUS, path=path, status=503, headers={"Retry-After": "3600"})
    stack.huntress.add_fault(broken)
    stack.sync()
    assert "/v1/organizations answered 503" in stack.invoice.reason
    clock.shift(6 * MINUTE)
    stack.tick()

    assert ended(stack).verdict is Verdict.COMPLETE


def test_a_resellers_invoice_is_billed_from_its_own_lines(reseller_stack: LocalStack) -> None:
    stack = reseller_stack
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 99}})
    stack.sync()

    run = ended(stack)

    assert run.invoice and run.invoice.source == "reseller"
    assert (run.verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)
    part = stack.row(ALDER_EDR).row.parts[0]
    assert part.sources[0].source == "reseller_invoice"
    assert not any("/organizations/" in r.path for r in stack.huntress.requests)


def test_a_resellers_two_lines_of_one_product_make_it_unknown(reseller_stack: LocalStack) -> None:
    stack = reseller_stack
    lines = stack.huntress.state.organization_lines[5003]
    again = next(line for line in lines if line["organization"]["id"] == ALDER_ORGANIZATION)
    lines.append({**again, "id": 99_999, "actual_usage": {"edr": 3}})
    stack.sync()

    run = ended(stack)

    reasons = {s.row.products: s.row.reason for s in stack.runs.rows(run, ALDER)}
    assert reasons["edr"] is Reason.UNKNOWN_USAGE and reasons["sat"] is Reason.NONE
    assert stack.quantity(ALDER_EDR) == 24.0


@pytest.mark.parametrize("count", [None, -1, "many", 2.5])
def test_a_count_that_makes_no_sense_blocks_only_its_product(
    stack: LocalStack, clock: Any, count: object
) -> None:
    usages = {"edr": {"billable_agents_count": count}}
    stack.huntress.set_usages(ALDER_ORGANIZATION, usages)
    stack.sync()
    assert stack.invoice.frozen_at

    run = ended(stack)

    reasons = {s.row.products: s.row.reason for s in stack.runs.rows(run, ALDER)}
    assert reasons["edr"] is Reason.UNKNOWN_USAGE and reasons["siem"] is Reason.NONE
    assert stack.quantity(ALDER_EDR) == 24.0


def test_what_was_frozen_is_never_overwritten(stack: LocalStack) -> None:
    stack.sync()
    ended(stack)
    usage: tuple[OrganizationUsage, ...] = stack.usage.of(NEW_INVOICE)
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 99}})
    stack.ask({})
    stack.ask({"action": "preview"})

    assert stack.usage.of(NEW_INVOICE) == usage


@pytest.mark.parametrize(
    "changes",
    [
        {"period_end": None},
        {"period_start": "soon"},
        {"period_end": "9999-12-31T23:59:59-05:00"},
        {"organization": {"id": 101, "name": 7}},
    ],
    ids=["no end", "a start in words", "an end outside of the calendar", "a number for a name"],
)
def test_a_resellers_line_that_cannot_be_used_makes_only_its_organization_unknown(
    reseller_stack: LocalStack, changes: dict[str, object]
) -> None:
    stack = reseller_stack
    stack.invoice_appears()
    (line,) = [
        line
        for line in stack.huntress.state.organization_lines[5003]
        if line["organization"]["id"] == ALDER_ORGANIZATION
    ]
    line.update(changes)
    stack.tick()

    run = ended(stack)

    by_company = {s.row.company_id: s.row.reason for s in stack.runs.rows(run)}
    named = "organization" in changes  # a name is only shown
    assert by_company[ALDER] == ("" if named else "unknown_usage")
    assert stack.connectwise.quantity(COPPERFIELD_EDR) == 65


def test_over_5_percent_of_a_resellers_lines_without_a_period_are_an_unread_list(
    reseller_stack: LocalStack,
) -> None:
    stack = reseller_stack
    stack.invoice_appears()
    for line in stack.huntress.state.organization_lines[5003]:
        line["period_end"] = None
    stack.tick()
    stack.settle()

    record = stack.invoices.get("reseller#5003")
    assert record and stack.untouched() and record.state == "waiting"
    assert "2 of 2 lines lack a period" in record.reason


def test_an_organization_that_the_key_may_not_read_is_unknown_and_the_others_are_billed(
    stack: LocalStack, clock: Any
) -> None:
    stack.huntress.add_fault(denied(str(COPPERFIELD_ORGANIZATION)))
    stack.sync()
    assert "1 of 2 organizations were not read: Copperfield" in stack.invoice.reason
    for _ in range(3):
        clock.shift(11 * MINUTE)
        stack.tick()
        stack.settle()

    assert stack.quantity(ALDER_EDR) == 25.0
    states = stack.runs.rows(stack.newest())
    others = [state.row for state in states if state.row.company_id == COPPERFIELD]
    assert {(row.outcome, row.reason) for row in others} == {
        (Outcome.BLOCKED, Reason.UNKNOWN_USAGE)
    }
    assert all("give it the Admin permission" in row.message for row in others)


def test_a_key_that_may_read_no_organization_keeps_the_invoice_waiting_for_a_person(
    stack: LocalStack, clock: Any
) -> None:
    stack.huntress.add_fault(denied(r"\d+"))
    stack.sync()
    for _ in range(4):
        clock.shift(HOUR)
        stack.tick()
        stack.settle()
    assert stack.all_runs() == () and stack.invoice.frozen_at is None
    assert "give it the Admin permission" in stack.invoice.reason
    stack.huntress.clear_faults()
    clock.shift(6 * HOUR)
    stack.tick()

    assert (ended(stack).verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)
