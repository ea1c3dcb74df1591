"""The statement of an invoice: each unit in one place, by the newest run that decided about it."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.plan import Remainder, RemainderKind, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.statement.billing_status import BillingStatus
from billing_sync.domain.statement.fold import Pass, WritingRun, fold
from billing_sync.domain.statement.statement import (
    Decision,
    NotPlanned,
    Statement,
    statement_findings,
)
from billing_sync.domain.vendors.usage import OrganizationUsage, Product
from tests.unit.builders import INVOICED, a_part, a_row, a_usage

KEY = "account#5003"
SYNC, RELEASE, UNDO = "000001-sync", "000002-release", "000003-undo"


def a_run(
    turn: int, *rows: Row, kind: Pass = Pass.SYNC, rest: Iterable[Remainder] = (), **more: object
) -> WritingRun:
    states = tuple(RowState(row, done=True, planned_write=False) for row in rows)
    name = f"{turn:06d}-{kind}"
    return WritingRun(name, turn, kind, KEY, "Ann", INVOICED, states, tuple(rest), **more)


def statement(
    *runs: WritingRun, usage: Iterable[OrganizationUsage] = (a_usage(),), **more: object
) -> Statement:
    return fold(usage, runs, invoice=KEY, **more)


def units(found: Statement) -> int:
    """All known units of a statement."""
    rows = sum(part.known_units for row in found.rows for part in row.parts)
    remaining = sum(remainder.units or 0 for remainder in found.remainders)
    return rows + remaining + sum(remainder.units or 0 for remainder in found.not_planned)


HELD = a_row(10, 12, outcome=Outcome.HELD, reason=Reason.RISE)
UNDONE = a_row(12, 10, parts=(replace(a_part(), sources=()),))


def test_usage_that_no_run_planned_is_not_planned_yet_and_what_is_unknown_is_not_zero() -> None:
    found = statement(usage=(a_usage(units={"edr": 12, "sat": "no answer", "siem": 0}),))

    assert found.not_planned == (
        NotPlanned(101, "Organization 101", Product.EDR, 12),
        NotPlanned(101, "Organization 101", Product.SAT, None),
    )


def test_a_release_changes_the_outcome_of_the_row_that_was_held() -> None:
    written = replace(HELD, outcome=Outcome.UPDATED, reason=Reason.NONE)

    (line,) = statement(a_run(1, HELD), a_run(2, written, kind=Pass.RELEASE)).lines

    assert (line.row, line.planned_by, line.released_by) == (written, SYNC, RELEASE)


def test_a_released_preview_is_the_plan_of_its_rows() -> None:
    (line,) = statement(a_run(2, a_row(10, 12), kind=Pass.RELEASE)).lines

    assert (line.planned_by, line.released_by) == (RELEASE, RELEASE)


def test_an_undo_leaves_the_units_to_be_decided_and_counts_none_of_its_own() -> None:
    found = statement(a_run(1, a_row(10, 12)), a_run(3, UNDONE, kind=Pass.UNDO))

    (line,) = found.lines
    assert (line.row.outcome, line.row.reason) == (Outcome.HELD, Reason.UNDONE)
    assert (line.undone_by, units(found)) == (UNDO, 12)


def test_undoing_an_undo_bills_the_units_again() -> None:
    again = replace(UNDONE, before=Decimal(10), target=Decimal(12))

    (line,) = statement(
        a_run(1, a_row(10, 12)), a_run(3, UNDONE, kind=Pass.UNDO), a_run(4, again, kind=Pass.UNDO)
    ).lines

    assert (line.row.outcome, line.undone_by) == (Outcome.UPDATED, "")


def test_an_undo_that_wrote_nothing_changes_nothing() -> None:
    left_alone = replace(UNDONE, outcome=Outcome.CONFLICT)

    (line,) = statement(a_run(1, a_row(10, 12)), a_run(3, left_alone, kind=Pass.UNDO)).lines

    assert (line.row.outcome, line.undone_by) == (Outcome.UPDATED, "")


def test_the_newest_sync_plans_the_units_anew_in_whatever_order_the_runs_are_read() -> None:
    blocked = a_row(outcome=Outcome.BLOCKED, parts=(a_part(12),), addition_id=None)
    pinned = a_row(10, 12)

    found = statement(a_run(2, pinned), a_run(1, blocked))

    assert found.rows == (pinned,)


def test_a_remapped_organization_is_counted_where_it_is_now_and_nowhere_else() -> None:
    here = a_row(30, 37, parts=(a_part(12), a_part(25, organization=102)))
    there = a_row(5, 17, company_id=2, addition_id=702, parts=(a_part(12),))
    usage = (a_usage(), a_usage(102, {"edr": 25}))

    found = statement(a_run(1, here), a_run(2, there, companies=(2,)), usage=usage)

    assert units(found) == 37
    assert [(row.company_id, sum(p.known_units for p in row.parts)) for row in found.rows] == [
        (1, 25),
        (2, 12),
    ]


def test_a_narrowed_run_leaves_the_others_not_planned() -> None:
    usage = (a_usage(), a_usage(102, {"edr": 25}))

    found = statement(a_run(1, a_row(10, 12), companies=(1,)), usage=usage)

    assert (len(found.lines), found.not_planned[0].organization_id, units(found)) == (1, 102, 37)


def test_a_count_that_changed_since_it_was_planned_is_not_planned_yet() -> None:
    unknown = a_row(outcome=Outcome.BLOCKED, parts=(a_part(None),))

    found = statement(a_run(1, unknown))

    assert (found.lines, units(found)) == ((), 12)


def test_a_remainder_is_replaced_once_its_organization_is_mapped() -> None:
    unmapped = Remainder(RemainderKind.UNMAPPED, 101, "Organization 101", Product.EDR, 12, "map it")

    assert statement(a_run(1, rest=[unmapped])).remainders == (unmapped,)
    found = statement(a_run(1, rest=[unmapped]), a_run(2, a_row(10, 12)))
    assert (found.remainders, units(found)) == ((), 12)


def test_a_company_on_two_invoices_counts_each_units_on_its_own_statement() -> None:
    (mine,) = a_part(12).sources
    other = replace(mine, organization_id=102, units=4, invoice="account#5004")
    row = a_row(10, 16, parts=(replace(a_part(12), sources=(mine, other)),))

    assert units(statement(a_run(1, row))) == 12
    second = fold([a_usage(102, {"edr": 4})], [a_run(1, row)], invoice="account#5004")
    assert units(second) == 4
    assert statement(a_run(1, row)).rows[0].parts[0].sources == (mine,)


def test_a_row_that_bills_two_invoices_names_the_other_one() -> None:
    (mine,) = a_part(12).sources
    other = replace(mine, organization_id=102, units=4, invoice="account#5004")
    row = a_row(
        16, 16, parts=(replace(a_part(12), sources=(mine, other)),), outcome=Outcome.UNCHANGED
    )

    found = statement(a_run(1, row))

    assert found.lines[0].together_with == ("account#5004",)
    assert [f.message for f in statement_findings(found)] == ["billed together with invoice 5004"]
    assert statement(a_run(1, a_row(10, 12))).lines[0].together_with == ()


def test_what_waited_for_another_invoice_is_no_longer_unknown_once_that_one_is_planned() -> None:
    (mine,) = a_part(12).sources
    waiting = replace(mine, organization_id=102, units=None, unknown="waiting for the invoice")
    blocked = a_row(
        16, 16, parts=(replace(a_part(12), sources=(mine, waiting)),), outcome=Outcome.BLOCKED
    )
    counted = replace(waiting, units=4, unknown="")
    here = replace(mine, invoice=KEY)
    both = a_row(16, 16, parts=(replace(a_part(12), sources=(here, counted)),))
    second = replace(a_run(2, both), invoice="account#5004")

    assert statement(a_run(1, blocked)).unknown == 1
    found = statement(a_run(1, blocked), second)
    assert (found.unknown, units(found)) == (0, 12)


def test_a_row_without_usage_is_dropped_once_it_is_planned_without_it() -> None:
    orphan = a_row(5, 0, parts=(), outcome=Outcome.HELD, reason=Reason.ORPHANED, addition_id=709)

    found = statement(a_run(1, a_row(10, 12), orphan), a_run(2, a_row(12, 12)))

    assert [row.addition_id for row in found.rows] == [701]
    kept = statement(a_run(1, a_row(10, 12), orphan), a_run(2, companies=(2,)))
    assert [row.addition_id for row in kept.rows] == [701, 709]


def test_a_row_that_the_newest_sync_of_its_company_left_out_is_dropped() -> None:
    nothing_used = a_row(5, 0, outcome=Outcome.HELD, reason=Reason.ZERO)
    elsewhere = a_row(8, 8, company_id=2, addition_id=702, parts=(a_part(8, organization=102),))
    usage = (a_usage(units={"edr": 0}), a_usage(102, {"edr": 8}))

    first = a_run(1, nothing_used, elsewhere)

    assert len(statement(first, usage=usage).lines) == 2
    assert statement(first, a_run(2, companies=(1,)), usage=usage).rows == (elsewhere,)
    assert statement(first, a_run(2, companies=(2,)), usage=usage).rows == (nothing_used,)


def test_a_run_of_another_invoice_leaves_what_it_does_not_carry() -> None:
    orphan = a_row(5, 0, parts=(), outcome=Outcome.HELD, reason=Reason.ORPHANED, addition_id=709)
    other = a_row(3, 4, company_id=2, addition_id=702, parts=(a_part(4, organization=102),))
    unmapped = Remainder(RemainderKind.UNMAPPED, 101, "Organization 101", Product.EDR, 9, "map it")
    first = a_run(1, a_row(10, 12), orphan)

    second = replace(a_run(2, other, rest=[unmapped]), invoice="account#5004")

    assert statement(first, second) == statement(first)


def test_releasing_a_part_of_a_split_leaves_the_other_part() -> None:
    fixed = a_row(30, 30, outcome=Outcome.UNCHANGED)
    remaining = a_row(10, 12, addition_id=711, outcome=Outcome.HELD, reason=Reason.RISE)
    written = replace(remaining, outcome=Outcome.UPDATED, reason=Reason.NONE)

    found = statement(
        a_run(1, fixed, remaining),
        a_run(2, written, kind=Pass.RELEASE),
        usage=(a_usage(units={"edr": 42}),),
    )

    assert found.rows == (fixed, written)


def test_a_declined_row_stays_declined_until_it_is_planned_anew() -> None:
    decision = Decision(SYNC, 1, "701", "free of charge", "Ann", INVOICED)

    declined = statement(a_run(1, HELD), decisions=[decision])
    again = statement(a_run(1, HELD), a_run(2, HELD), decisions=[decision])

    assert declined.lines[0].declined == decision
    assert again.lines[0].declined is None


def test_a_declined_row_of_a_release_is_declined() -> None:
    gone = replace(HELD, outcome=Outcome.BLOCKED, reason=Reason.GONE)
    decision = Decision(RELEASE, 1, "701", "the client left", "Ann", INVOICED)
    runs = a_run(1, HELD), a_run(2, gone, kind=Pass.RELEASE)

    assert statement(*runs, decisions=[decision]).lines[0].declined == decision


def test_what_a_run_is_still_to_write_is_not_billed_yet() -> None:
    run = a_run(1, a_row(10, 12))
    applying = replace(run, states=(replace(run.states[0], done=False),))

    (before,) = statement_findings(statement(applying))
    (after,) = statement_findings(statement(run))

    assert (before.status, before.message) == (BillingStatus.REVIEW, f"run {SYNC} is to write it")
    assert after.status is BillingStatus.CORRECT


def test_an_undo_that_is_still_to_write_changes_nothing_yet() -> None:
    undo = a_run(3, UNDONE, kind=Pass.UNDO)
    applying = replace(undo, states=(replace(undo.states[0], done=False),))

    (line,) = statement(a_run(1, a_row(10, 12)), applying).lines

    assert (line.row.outcome, line.undone_by) == (Outcome.UPDATED, "")
