"""What a person may or must do about a run: one step a thing, with the event that does it."""

from dataclasses import replace

import pytest

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.plan import Coverage, Remainder, RemainderKind, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.report.next_steps import way_back, what_next
from billing_sync.domain.report.steps import Step, in_words
from billing_sync.domain.runs.run import Mode, Request, Run, Status
from billing_sync.domain.vendors.usage import Product
from billing_sync.domain.wording import names_in_short
from tests.unit.builders import a_row
from tests.unit.ended_runs import a_blocked_row, an_ended_run, states_of

WRITTEN = a_row()
HELD = a_row(outcome=Outcome.HELD, reason=Reason.RISE)
BLOCKED = a_blocked_row(a_row(), reason=Reason.NO_ADDITION)
CONFLICT = a_row(outcome=Outcome.CONFLICT, reason=Reason.CHANGED_SINCE_PLAN)
FAILED = a_row(outcome=Outcome.FAILED, reason=Reason.ACCEPTED_BUT_UNCHANGED)
RELEASE = {"action": "release", "plan_hash": "ab" * 32, "by": "<your name>"}


def steps(*rows: Row, remainders: tuple[Remainder, ...] = (), **run: object) -> list[Step]:
    return what_next(an_ended_run(rows, remainders, **run), list(rows), remainders)


def test_a_run_that_is_right_needs_nothing():
    assert steps(WRITTEN) == []


def test_an_open_run_is_to_be_followed():
    run = replace(an_ended_run([HELD]), status=Status.APPLYING)

    event = {"action": "show", "run_id": "000001-sync"}
    assert what_next(run, [HELD], ()) == [Step("Follow it with", event)]


def test_held_rows_are_released_by_the_companies_they_are_of():
    rows = [HELD, replace(HELD, company_id=7), replace(HELD, company_id=7, addition_id=702)]

    (step,) = steps(*rows, WRITTEN)

    assert step.do == "Write held rows with"
    assert step.event == RELEASE | {"run_id": "000001-sync", "companies": [1, 7]}


def test_rows_that_end_before_the_invoice_have_a_release_of_their_own():
    ends = replace(HELD, company_id=7, further_reasons=(Reason.ENDS_BEFORE_INVOICE,))

    routine, apart = steps(HELD, ends)
    (alone,) = steps(ends)
    previewed = steps(ends, mode=Mode.PREVIEW)

    assert routine.event["companies"] == [1] and "reasons" not in routine.event
    release = RELEASE | {"run_id": "000001-sync", "companies": [7]}
    assert apart.event == release | {"reasons": ["ends_before_invoice"]}
    assert alone == apart and [step.do for step in previewed] == [apart.do]


def test_of_many_held_companies_none_is_named():
    (twenty,) = steps(*(replace(HELD, company_id=at) for at in range(20)))
    (more,) = steps(*(replace(HELD, company_id=at) for at in range(21)))

    assert twenty.event["companies"] == list(range(20))
    assert "companies" not in more.event


@pytest.mark.parametrize("row", [WRITTEN, HELD], ids=["to be written", "held"])
def test_a_preview_is_written_as_a_whole(row: Row):
    (step,) = steps(row, mode=Mode.PREVIEW)

    assert step == Step("Write this plan with", RELEASE | {"run_id": "000001-preview"})


def test_a_preview_with_nothing_to_write_offers_no_release():
    unchanged = a_row(12, 12, outcome=Outcome.UNCHANGED)

    assert steps(unchanged, mode=Mode.PREVIEW) == []


def test_what_was_not_read_is_synced_again_later():
    (step,) = steps(coverage=Coverage(2, 1))

    assert step == Step("Not everything was read, so nothing was written. Sync again later.")


def test_records_that_cannot_be_used_are_corrected_before_the_next_sync():
    (step,) = steps(coverage=Coverage(2, 2, ("2 of 9 additions cannot be used",)))

    assert step == Step(
        "Nothing was written. Correct what is listed under Not read, then sync again."
    )


def test_unmapped_organizations_are_named_once_in_their_order():
    rest = tuple(
        Remainder(RemainderKind.UNMAPPED, at, name, product, 4, "")
        for at, name in ((8, "Zoo"), (9, "Bakery"))
        for product in (Product.EDR, Product.SAT)
    )
    excluded = Remainder(RemainderKind.EXCLUDED, 7, "Us", Product.EDR, 4, "")

    (step,) = steps(remainders=(*rest, excluded))

    assert step == Step("Map or exclude Bakery, Zoo; nobody is billed for them")


@pytest.mark.parametrize(
    ("row", "do"),
    [
        (BLOCKED, "Fix what each blocked row says, then sync again with"),
        (CONFLICT, "Look at the conflict and failed rows in ConnectWise, then sync again with"),
        (FAILED, "Look at the conflict and failed rows in ConnectWise, then sync again with"),
    ],
    ids=["blocked", "conflict", "failed"],
)
def test_what_could_not_be_written_is_looked_at_and_synced_again(row: Row, do: str):
    assert steps(row) == [Step(do, {})]


@pytest.mark.parametrize("row", [BLOCKED, CONFLICT], ids=["blocked", "conflict"])
def test_after_an_undo_no_sync_is_offered_that_would_write_it_again(row: Row):
    undo = Request(Mode.UNDO, "anna", source_run_id="000001-sync")

    (step,) = steps(row, mode=Mode.UNDO, request=undo)

    assert step.do.endswith(", then set by hand what is wrong") and step.event is None


def back(run: Run, *states: RowState) -> list[Step]:
    return way_back(run, states)


def test_a_run_that_wrote_offers_its_undo_until_it_is_undone():
    run, (state,) = an_ended_run([WRITTEN]), states_of([WRITTEN])

    (step,) = back(run, state)

    assert step.event == {"action": "undo", "run_id": "000001-sync", "by": "<your name>"}
    assert back(run, replace(state, copied_by="000002-undo")) == []


@pytest.mark.parametrize("row", [HELD, CONFLICT], ids=["held", "conflict"])
def test_a_run_that_wrote_nothing_has_no_way_back(row: Row):
    assert back(an_ended_run([row]), *states_of([row])) == []


def test_neither_an_open_run_nor_a_preview_has_a_way_back():
    states = states_of([WRITTEN])

    assert back(replace(an_ended_run([WRITTEN]), status=Status.APPLYING), *states) == []
    assert back(an_ended_run([WRITTEN], mode=Mode.PREVIEW), *states) == []


def test_a_step_comes_with_its_event_to_copy():
    step = Step("sync again with", {"companies": [7]})

    assert step.as_values() == {"do": "sync again with", "event": {"companies": [7]}}
    assert in_words(step.as_values()) == 'sync again with {"companies": [7]}'
    assert in_words(Step("Wait").as_values()) == "Wait"


def test_of_many_names_the_first_are_listed_and_the_others_counted():
    names = [f"N{at:02}" for at in range(12)]

    assert names_in_short(reversed(names[:10])) == ", ".join(names[:10])
    assert names_in_short(names) == ", ".join(names[:10]) + " and 2 more"
