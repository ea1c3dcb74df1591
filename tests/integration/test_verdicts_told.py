"""The four verdicts and the invoice's own number, where people read them."""

import json
from typing import Any

import pytest

from billing_sync.domain.statement.billing_status import BillingStatus
from billing_sync.domain.vendors.usage import Product
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, XENON, XENON_EDR

MARLIN = 252  # uses 15 of SAT and has no addition for it
COBALT = 267  # somebody set 42 of SAT after a run had written 44

pytestmark = pytest.mark.companies(ALDER, XENON, MARLIN, COBALT)


def lines_below(text: str, title: str) -> list[str]:
    lines = text.splitlines()
    below = lines[lines.index(title) + 1 :]
    return [line.strip() for line in below[: below.index("")]]


def test_the_message_has_a_line_for_each_verdict_and_what_is_lost_first(stack: LocalStack) -> None:
    stack.sync()

    (text,) = stack.notices()

    assert lines_below(text, "What the units came to:") == [
        "unbilled: 15 units (sat 15), 26.25 USD a cycle not billed",
        "changed in ConnectWise: 45 units (sat 45), 5.25 USD a cycle net change waiting",
        "needs review: 200 units (edr 200), 630.00 USD a cycle net change waiting",
        "billed correctly: 266 units (edr 90, itdr 122, sat 49, siem 5), 13.00 USD a cycle net"
        " change",
    ]


def test_the_document_and_test_sync_tell_the_sums_and_every_finding(stack: LocalStack) -> None:
    stack.sync()
    run = ended(stack)

    document = json.loads(stack.report(run.id))
    shown = stack.press({"action": "show", "run_id": run.id})

    assert (document["verdicts"], document["findings"]) == (shown["verdicts"], shown["findings"])
    assert document["verdicts"]["unbilled"] == {
        "units": 15,
        "unknown": 0,
        "by_product": {"sat": 15},
        "findings": 1,
        "money": {"USD": "26.25"},
        "units_without_price": 0,
    }
    found = [(one["verdict"], one["who"], one["units"]) for one in document["findings"]]
    assert found == [
        ("needs review", "Xenon Labs", 200),
        ("unbilled", "Marlin Print", 15),
        ("changed in ConnectWise", "Cobalt Insurance", 45),
    ]
    assert "Additions > add HUNTRESS-SAT" in document["findings"][1]["message"]


def test_the_ledger_keeps_the_sums_as_they_ended(stack: LocalStack) -> None:
    stack.plan()
    planned = {one.status: one.units.get(Product.EDR, 0) for one in stack.newest().statuses}
    stack.connectwise.edit_addition(ALDER_EDR, quantity=23.0)

    run = ended(stack)

    kept = {one.status: one.units.get(Product.EDR, 0) for one in run.statuses}
    moved = {verdict: kept[verdict] - planned[verdict] for verdict in kept}
    assert moved[BillingStatus.CHANGED] == 25 == -moved[BillingStatus.CORRECT]
    listed = stack.press({"action": "show"})["runs"][0]["units"]
    assert listed["changed in ConnectWise"] == 45 + 25


def test_what_somebody_changed_after_the_run_is_told_by_the_next_look(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    run = ended(stack)
    stack.connectwise.edit_addition(ALDER_EDR, quantity=3.0)
    clock.shift(25 * 3600)
    stack.tick()
    stack.settle()

    told = stack.press({"action": "show", "run_id": run.id})

    changed = [one for one in told["findings"] if one["verdict"] == "changed in ConnectWise"]
    assert {one["who"] for one in changed} == {"Cobalt Insurance", "Alder & Finch Accountants"}
    assert told["verdicts"]["changed in ConnectWise"]["units"] == 45 + 25


def test_a_release_judges_what_it_took_and_an_undo_judges_no_usage(stack: LocalStack) -> None:
    stack.sync()
    run = ended(stack)
    told = stack.ask(
        {
            "action": "release",
            "run_id": run.id,
            "plan_hash": run.plan_hash,
            "by": "anna",
            "companies": [XENON],
        }
    )
    assert stack.quantity(XENON_EDR) == 200.0
    assert told["verdicts"]["billed correctly"]["by_product"] == {"edr": 200}
    assert (told["full_audit"], told["against_the_invoice"]) == ("not made", [])

    undone = stack.ask({"action": "undo", "run_id": told["run_id"], "by": "anna"})

    assert undone["result"].startswith("WROTE 1 quantity")
    assert (undone["verdicts"], undone["findings"]) == ({}, [])


# --- the invoice's own number ---------------------------------------------------------------------


def test_a_difference_to_the_invoice_is_told_and_changes_no_verdict(stack: LocalStack) -> None:
    counted = stack.world.new_invoice()["quantity"]
    stack.sync(quantity=counted + 34)
    (text,) = stack.notices()
    run = stack.newest()

    fact, *_ = lines_below(text, "Against the invoice:")

    assert fact.startswith(f"Huntress invoiced {counted + 34} agents; the organizations count")
    assert fact.endswith("34 more are invoiced than counted.")
    assert run.invoice_tie_out is not None and run.invoice_tie_out.difference == 34
    assert json.loads(stack.report(run.id))["against_the_invoice"][0] == fact
    assert run.verdict == "needs attention"


def test_an_invoice_is_not_compared_with_some_companies_count(stack: LocalStack) -> None:
    stack.sync()

    told = stack.ask({"companies": [ALDER]})

    assert told["invoice"].startswith("account 5003") and told["against_the_invoice"] == []
