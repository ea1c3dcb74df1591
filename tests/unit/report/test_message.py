"""The verdicts and the invoice's own number in a run's document and its message."""

from decimal import Decimal

import pytest

from billing_sync.domain.plan.plan import Remainder, RemainderKind, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Mode, Request
from billing_sync.domain.statement.invoice_total import against_invoice
from billing_sync.domain.vendors.usage import Product
from billing_sync.flows.report.message import invoice_lines, verdict_lines
from tests.unit.builders import a_part, a_row, a_usage, an_invoice
from tests.unit.ended_runs import a_blocked_row, a_document

SAT = Product.SAT
LOST = a_blocked_row(
    a_row(company_name="Marlin", parts=(a_part(15, product=SAT),)),
    reason=Reason.NO_ADDITION,
    message="add HUNTRESS-SAT",
    money=Decimal("26.25"),
)
SET = a_row(42, 45, company_name="Cobalt", outcome=Outcome.HELD, reason=Reason.EDITED)
GUARDED = a_row(20, 200, company_name="Xenon", outcome=Outcome.HELD, reason=Reason.RISE)
RIGHT = a_row(24, 25, company_name="Alder")


def message_lines(*rows: Row, **run: object) -> list[str]:
    return [line.strip() for line in verdict_lines(a_document(rows, **run))[2:]]


def test_the_message_has_a_line_for_each_verdict_and_what_is_lost_first():
    assert message_lines(RIGHT, GUARDED, SET, LOST) == [
        "unbilled: 15 units (sat 15), 26.25 USD a cycle not billed",
        "changed in ConnectWise: 45 units (edr 45), 15.00 USD a cycle net change waiting",
        "needs review: 200 units (edr 200), 900.00 USD a cycle net change waiting",
        "billed correctly: 25 units (edr 25), 5.00 USD a cycle net change",
    ]


def test_where_nothing_is_lost_the_message_begins_with_what_is_right():
    assert message_lines(RIGHT) == [
        "billed correctly: 25 units (edr 25), 5.00 USD a cycle net change",
        "unbilled: nothing",
        "changed in ConnectWise: nothing",
        "needs review: nothing",
    ]


def test_units_without_a_price_and_units_by_decision_stand_beside_the_money():
    free = a_row(24, 25, money=None)
    chosen = a_row(12, 12, outcome=Outcome.EXCLUDED, reason=Reason.NOT_BILLED, money=None)

    assert message_lines(free, chosen)[0] == (
        "billed correctly: 37 units (edr 37), 25 units without a price,"
        " 12 units not billed by decision"
    )


def test_an_unknown_count_is_called_unknown_and_never_0():
    uncounted = a_blocked_row(
        a_row(parts=(a_part(None, product=SAT),)), reason=Reason.UNKNOWN_USAGE, money=None
    )

    assert message_lines(uncounted)[0] == ("needs review: 1 organization unknown")


def test_what_a_preview_would_write_is_right_only_once_it_is_written():
    document = a_document([RIGHT], mode=Mode.PREVIEW)

    assert document["verdicts"]["billed correctly"]["once_written"] is True
    assert message_lines(RIGHT, mode=Mode.PREVIEW)[0].startswith(
        "billed correctly, once written: 25 units"
    )
    assert a_document([RIGHT])["verdicts"]["billed correctly"]["once_written"] is False


def test_the_document_has_the_sums_and_every_finding_that_is_not_right_largest_money_first():
    document = a_document([RIGHT, LOST, SET, GUARDED])

    assert document["verdicts"]["unbilled"] == {
        "units": 15,
        "unknown": 0,
        "by_product": {"sat": 15},
        "findings": 1,
        "money": {"USD": "26.25"},
        "units_without_price": 0,
    }
    found = [
        (finding["verdict"], finding["who"], finding["units"]) for finding in document["findings"]
    ]
    assert found == [
        ("needs review", "Xenon", 200),
        ("unbilled", "Marlin", 15),
        ("changed in ConnectWise", "Cobalt", 45),
    ]
    assert document["findings"][1]["message"] == "add HUNTRESS-SAT"


def test_what_a_person_excluded_is_a_finding_by_decision():
    excluded = Remainder(RemainderKind.EXCLUDED, 9, "Us", Product.EDR, 3, "ours")

    (found,) = a_document([RIGHT], [excluded])["findings"]

    assert (found["verdict"], found["who"]) == ("billed correctly (by decision)", "Us")


def test_an_undo_judges_no_usage():
    undo = Request(Mode.UNDO, "anna", source_run_id="000001-sync")

    document = a_document([RIGHT], mode=Mode.UNDO, request=undo)

    assert (document["verdicts"], document["findings"]) == ({}, [])
    assert verdict_lines(document) == []


@pytest.mark.parametrize(
    ("more", "end"),
    [
        (34, "34 more are invoiced than counted."),
        (-5, "5 fewer are invoiced than counted."),
        (0, "the same. It does not prove each organization's count."),
    ],
)
def test_a_difference_to_the_invoice_is_reported_and_changes_no_verdict(more: int, end: str):
    compared = against_invoice(an_invoice(quantity=25 + more), [a_usage(units={"edr": 25})])
    document = a_document([RIGHT], invoice_tie_out=compared)

    _, title, fact, *_ = invoice_lines(document)

    assert title == "Against the invoice:"
    assert fact.startswith(f"  Huntress invoiced {25 + more} agents; the organizations count 25")
    assert fact.endswith(end)
    assert document["against_the_invoice"][0] == fact.strip()
    assert document["verdict"] == "complete"


def test_an_invoice_without_a_number_has_no_line():
    assert invoice_lines(a_document([RIGHT], invoice_tie_out=None)) == []
