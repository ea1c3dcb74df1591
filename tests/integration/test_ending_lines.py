"""Lines that end before the agreement's next invoice: held, pinned ahead, or released apart."""

import copy
from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import Event, LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    COPPERFIELD_EDR,
    XENON,
    XENON_EDR,
)

AGREEMENT, FOLLOWER, SUCCESSOR = 3010, 3019, 301902
CHANGE, INVOICED = "2026-07-20", "2026-07-26"  # the price changes, then the agreement is invoiced
DAY = 24 * 3600


def midnight(day: str) -> str:
    return f"{day}T00:00:00Z"


def price_changes(stack: LocalStack, *, on: str = CHANGE) -> None:
    """Alder's line ends and a successor on the same agreement starts that day."""
    vendor = stack.connectwise
    successor = copy.deepcopy(vendor.state.additions[ALDER_EDR])
    starts = {"id": SUCCESSOR, "unitPrice": 4.0, "effectiveDate": midnight(on)}
    vendor.state.additions[SUCCESSOR] = {**successor, **starts}
    vendor.edit_addition(ALDER_EDR, cancelledDate=midnight(on))


def agreement_is_followed(stack: LocalStack) -> None:
    """Alder's agreement ends, and one that ConnectWise still shows as Inactive follows it."""
    state = stack.connectwise.state
    agreement = state.agreements[AGREEMENT]
    starts = {"startDate": midnight(CHANGE), "billStartDate": midnight(CHANGE)}
    named = {"id": FOLLOWER, "name": "Managed Security 2026", "agreementStatus": "Inactive"}
    state.agreements[FOLLOWER] = {**copy.deepcopy(agreement), **named, **starts}
    agreement.update(noEndingDateFlag=False, endDate=midnight("2026-07-19"))
    line = copy.deepcopy(state.additions[ALDER_EDR])
    on_follower = {"agreementId": FOLLOWER, "effectiveDate": midnight(CHANGE)}
    state.additions[SUCCESSOR] = {**line, "id": SUCCESSOR, **on_follower}


def pin(stack: LocalStack, addition_id: int) -> None:
    item = {"pk": "MAPPING", "sk": f"COMPANY#{ALDER}", "additions": {"edr": addition_id}}
    stack.config.put_item(Item=item)


def release_of(seen: Event, **changes: object) -> Event:
    event = {"action": "release", "run_id": seen["run_id"], "plan_hash": seen["plan_hash"]}
    return {**event, "by": "Ann", **changes}


def held(stack: LocalStack) -> Event:
    """The release event of the run that synced the invoice."""
    stack.sync()
    return release_of(stack.press({"action": "show", "run_id": ended(stack).id}))


@pytest.mark.parametrize("change", [price_changes, agreement_is_followed])
def test_a_line_that_ends_before_the_invoice_is_held_and_names_its_successor(
    stack: LocalStack, change: Any
) -> None:
    change(stack)

    stack.sync()

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.HELD, Reason.ENDS_BEFORE_INVOICE)
    assert f"addition {ALDER_EDR} on" in row.message and f"addition {SUCCESSOR} on" in row.message
    assert f"From {CHANGE} on, a sync finds addition {SUCCESSOR} by itself" in row.message
    assert (row.takes_effect, stack.quantity(ALDER_EDR)) == ("", 24.0)
    assert stack.quantity(COPPERFIELD_EDR) == 65.0


@pytest.mark.parametrize("change", [price_changes, agreement_is_followed])
def test_a_pinned_successor_is_written_before_its_first_day(stack: LocalStack, change: Any) -> None:
    change(stack)
    pin(stack, SUCCESSOR)

    stack.sync()

    row = stack.row(SUCCESSOR).row
    assert (row.outcome, row.takes_effect) == (Outcome.UPDATED, f"on the invoice of {INVOICED}")
    assert (stack.quantity(SUCCESSOR), stack.quantity(ALDER_EDR)) == (25.0, 24.0)


def test_a_pinned_successor_that_moved_beyond_the_invoice_is_not_written(
    stack: LocalStack,
) -> None:
    price_changes(stack)
    pin(stack, SUCCESSOR)
    stack.plan()
    stack.connectwise.edit_addition(SUCCESSOR, effectiveDate=midnight("2026-07-27"))

    run = ended(stack)

    row = stack.row(SUCCESSOR).row
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Reason.ADDITION_FUTURE)
    assert (run.verdict, stack.quantity(SUCCESSOR)) == (Verdict.ATTENTION, 24.0)


def test_a_sync_after_the_change_finds_the_successor_by_itself(
    stack: LocalStack, clock: Any
) -> None:
    price_changes(stack)
    stack.sync()
    clock.shift(6 * DAY)

    stack.ask({})

    assert stack.row(SUCCESSOR).row.outcome is Outcome.UPDATED
    assert (stack.quantity(SUCCESSOR), stack.quantity(ALDER_EDR)) == (25.0, 24.0)


@pytest.mark.companies(ALDER, XENON)
def test_a_line_that_ends_is_released_only_by_its_own_reason(stack: LocalStack) -> None:
    price_changes(stack)
    event = held(stack)

    routine = stack.ask(event)

    assert routine["result"].startswith("WROTE 1 quantity")
    assert (stack.quantity(XENON_EDR), stack.quantity(ALDER_EDR)) == (200.0, 24.0)
    again = stack.ask(event)
    assert '"reasons": ["ends_before_invoice"]' in again["result"]
    stack.ask({**event, "reasons": ["ends_before_invoice"]})
    assert (stack.quantity(ALDER_EDR), stack.quantity(SUCCESSOR)) == (25.0, 24.0)


def test_an_agreement_that_ended_and_still_says_active_can_be_released(stack: LocalStack) -> None:
    stack.connectwise.state.agreements[AGREEMENT].update(endDate=midnight("2026-07-10"))
    event = held(stack)
    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.HELD, Reason.ENDS_BEFORE_INVOICE)

    stack.ask({**event, "reasons": ["ends_before_invoice"]})

    assert stack.quantity(ALDER_EDR) == 25.0


@pytest.mark.companies(ALDER, XENON)
@pytest.mark.parametrize(
    ("answers", "written", "status"),
    [(["y", "y"], (200.0, 25.0), 0), (["y", "n"], (200.0, 24.0), 0), (["n"], (20.0, 24.0), 1)],
    ids=str,
)
def test_the_command_asks_separately_about_lines_that_end(
    stack: LocalStack,
    operator: OperatorLine,
    answers: list[str],
    written: tuple[float, float],
    status: int,
) -> None:
    price_changes(stack)
    stack.sync()

    shown = operator("release", "000001-sync", answers=answers)

    assert (stack.quantity(XENON_EDR), stack.quantity(ALDER_EDR)) == written
    assert shown.exit_code == status
    asked = "Held because the addition ends on or before its agreement's next invoice: 1 row."
    assert (asked in " ".join(shown.stdout.split())) is (len(answers) == 2)


@pytest.mark.companies(ALDER, XENON)
def test_a_script_releases_lines_that_end_by_naming_the_reason(
    stack: LocalStack, operator: OperatorLine
) -> None:
    price_changes(stack)
    event = held(stack)
    reviewed = ("--hash", event["plan_hash"], "--yes")

    shown = operator("release", "000001-sync", "--reason", "ends_before_invoice", *reviewed)

    assert shown.exit_code == 0
    assert (stack.quantity(XENON_EDR), stack.quantity(ALDER_EDR)) == (20.0, 25.0)


def test_a_pinned_successor_falls_to_zero_before_its_first_day(stack: LocalStack) -> None:
    agreement_is_followed(stack)
    del stack.connectwise.state.agreements[AGREEMENT]["endDate"]  # nothing else makes it be read
    pin(stack, SUCCESSOR)
    stack.set_settings(zero_policy="write")
    stack.huntress.set_usages(101, {"edr": {"billable_agents_count": 0}})

    stack.sync()

    assert stack.row(SUCCESSOR).row.target == 0


def test_the_statement_offers_lines_that_end_a_release_of_their_own(stack: LocalStack) -> None:
    price_changes(stack)
    stack.sync()

    shown = stack.press({"action": "invoices", "invoice_id": stack.newest().invoice.id})  # type: ignore[union-attr]

    (event,) = (step["event"] for step in shown["next"] if step["event"]["action"] == "release")
    assert (event["companies"], event["reasons"]) == ([ALDER], ["ends_before_invoice"])
    stack.ask({**event, "by": "Ann"})
    assert stack.quantity(ALDER_EDR) == 25.0
