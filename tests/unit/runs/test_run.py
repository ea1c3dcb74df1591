"""How a run ended: the worst news wins, and only a complete run is green."""

from dataclasses import replace

import pytest

from billing_sync.domain.apply.row_state import planned_rows
from billing_sync.domain.errors import Fatal
from billing_sync.domain.plan.plan import Coverage, ProductTieOut
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.close import closed
from billing_sync.domain.runs.run import (
    BY_INVOICE,
    Mode,
    Request,
    Run,
    Status,
    Verdict,
    run_id,
    verdict_of,
)
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import INVOICED, a_row

READ_ALL = Coverage(340, 340)


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ({}, Verdict.COMPLETE),
        ({"updated": 41, "unchanged": 3, "excluded": 2}, Verdict.COMPLETE),
        ({"updated": 41, "held": 1}, Verdict.HELD),
        ({"held": 1, "blocked": 1}, Verdict.ATTENTION),
        ({"held": 1, "conflict": 1}, Verdict.ATTENTION),
        ({"held": 1, "blocked": 1, "conflict": 1, "failed": 1}, Verdict.FAILED),
        ({"updated": 41, "failed": 0, "held": 0}, Verdict.COMPLETE),
    ],
)
@pytest.mark.parametrize("mode", [Mode.SYNC, Mode.RELEASE, Mode.UNDO])
def test_the_worst_outcome_names_the_verdict(outcomes, verdict, mode):
    assert verdict_of(outcomes, READ_ALL, mode) is verdict


def test_usage_not_billed_to_any_client_is_never_green():
    assert verdict_of({"updated": 41}, READ_ALL, Mode.SYNC, unbilled=True) is Verdict.ATTENTION


@pytest.mark.parametrize("outcomes", [{}, {"updated": 2}, {"held": 1, "blocked": 1}])
def test_a_preview_is_previewed_whatever_it_shows(outcomes):
    assert verdict_of(outcomes, READ_ALL, Mode.PREVIEW) is Verdict.PREVIEWED


@pytest.mark.parametrize("coverage", [Coverage(340, 312), Coverage(340, 340, ("Acme: no answer",))])
@pytest.mark.parametrize("mode", list(Mode))
def test_a_run_that_did_not_look_at_everything_is_incomplete(coverage, mode):
    assert not coverage.complete
    assert verdict_of({"updated": 41}, coverage, mode) is Verdict.INCOMPLETE


def test_coverage_says_how_many_companies_were_read():
    assert str(Coverage(340, 312)) == "312 of 340 companies read"


def a_run(**changes: object) -> Run:
    run = Run("000001-sync", 1, Status.APPLYING, Request(Mode.SYNC, "schedule"), INVOICED)
    return replace(run, **({"coverage": READ_ALL} | changes))


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_a_complete_run_is_green(verdict):
    assert a_run(verdict=verdict).green is (verdict is Verdict.COMPLETE)


@pytest.mark.parametrize("status", list(Status))
def test_a_run_is_open_until_it_is_closed(status):
    assert a_run(status=status).open is (status is not Status.CLOSED)


def test_run_ids_sort_as_the_runs_happened():
    ids = [run_id(n, Mode.SYNC) for n in (1, 9, 10, 123456)]

    assert ids == sorted(ids)
    assert run_id(12, Mode.PREVIEW) == "000012-preview"


def test_only_a_preview_writes_nothing():
    assert [mode for mode in Mode if not mode.writes] == [Mode.PREVIEW]


@pytest.mark.parametrize(
    ("changes", "applied"),
    [
        ({"planned_at": INVOICED}, True),
        ({"planned_at": None}, False),
        ({"planned_at": INVOICED, "coverage": None}, False),
        ({"planned_at": INVOICED, "coverage": Coverage(340, 312)}, False),
        ({"planned_at": INVOICED, "request": Request(Mode.PREVIEW, "anna")}, False),
        ({"planned_at": INVOICED, "request": Request(Mode.RELEASE, "anna")}, True),
    ],
)
def test_only_a_complete_plan_of_a_writing_run_was_let_loose(changes, applied):
    assert a_run(**changes).applied is applied


def test_a_run_is_automatic_when_an_invoice_asked_for_it():
    assert a_run(request=Request(Mode.SYNC, BY_INVOICE)).automatic
    assert not a_run(request=Request(Mode.SYNC, "anna")).automatic


def test_an_applied_row_remembers_what_was_planned():
    (state,) = planned_rows([a_row(12, 14)], apply=True)
    conflict = replace(state.row, outcome=Outcome.CONFLICT, reason=Reason.CHANGED_SINCE_PLAN)

    assert replace(state, row=conflict, done=True).planned == a_row(12, 14)


def test_a_row_that_was_never_to_be_written_is_done_and_stays_as_planned():
    (state,) = planned_rows([a_row(outcome=Outcome.HELD, reason=Reason.RISE)], apply=True)

    assert (state.done, state.planned) == (True, state.row)


TIE_OUT = (ProductTieOut(Product.EDR, 14, 0, {"updated": 14}),)


def test_a_closed_run_has_the_tie_out_as_it_ended():
    (state,) = planned_rows([a_row(12, 14)], apply=True)
    conflict = replace(state, row=replace(state.row, outcome=Outcome.CONFLICT), done=True)

    run = closed(a_run(tie_out=TIE_OUT), [conflict], (), at=INVOICED)

    assert run.tie_out[0].ended == {"conflict": 14}
    assert (run.outcomes, run.wrote, run.verdict) == ({"conflict": 1}, 0, Verdict.ATTENTION)
    assert (run.status, run.closed_at) == (Status.CLOSED, INVOICED)


def test_closing_counts_the_rows_that_were_written():
    written = planned_rows([a_row(12, 14)], apply=True)

    assert closed(a_run(tie_out=TIE_OUT), written, (), at=INVOICED).wrote == 1


def test_a_run_that_closes_straight_from_planning_wrote_nothing():
    planned = planned_rows([a_row(12, 14)], apply=False)

    run = closed(a_run(tie_out=TIE_OUT, status=Status.PLANNING), planned, (), at=INVOICED)

    assert (run.outcomes, run.wrote) == ({"updated": 1}, 0)
    assert all(state.done for state in planned)


def test_a_run_that_was_ended_keeps_the_verdict_it_was_ended_with():
    run = a_run(tie_out=TIE_OUT, ending=Verdict.STOPPED)

    ended = closed(run, planned_rows([a_row(12, 14)], apply=True), (), at=INVOICED)

    assert ended.verdict is Verdict.STOPPED


def test_a_run_whose_rows_went_missing_does_not_close():
    with pytest.raises(Fatal, match="does not add up for edr"):
        closed(a_run(tie_out=TIE_OUT), (), (), at=INVOICED)
